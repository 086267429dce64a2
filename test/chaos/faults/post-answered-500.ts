import type { Fault } from '../fault.ts';

/** A failure of the platform, at which a runtime is to exit. */
export const postAnswered500: Fault = {
  name: 'answered with 500',
  side: 'post',
  endsEnvironment: true,
  async answerPost(post) {
    const body = JSON.stringify({ errorType: 'InternalServerError', errorMessage: 'Internal' });
    await new Promise<void>((resolve) => void post.writeHead(500).end(body, resolve));
    // What was sent behind the answer is nobody's.
    post.req.socket.destroy();
  },
};
