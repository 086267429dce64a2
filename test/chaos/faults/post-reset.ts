import type { Fault } from '../fault.ts';

/** The answer arrived, and the connection is reset before the bootstrap knows. */
export const postReset: Fault = {
  name: 'post is reset',
  side: 'post',
  repeats: 1,
  answerPost(post) {
    post.req.socket.resetAndDestroy();
  },
};
