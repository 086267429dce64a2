import type { Fault } from '../fault.ts';

/** An environment that is frozen with its answer on the way. */
export const freezePosting: Fault = {
  name: 'frozen while posting',
  side: 'post',
  async answerPost(post, { freeze }) {
    await freeze();
    post.writeHead(202).end('{"status":"OK"}\n');
  },
};
