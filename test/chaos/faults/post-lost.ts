import type { Fault } from '../fault.ts';

/** The connection is reset before the answer arrived. */
export const postLost: Fault = {
  name: 'post is lost',
  side: 'post',
  losePost(post) {
    post.req.socket.resetAndDestroy();
  },
};
