import type { Fault } from '../fault.ts';

/** The connection is closed under a waiting poll, as servers do with idle ones. */
export const pollClosed: Fault = {
  name: 'poll is closed',
  side: 'poll',
  replays: 1,
  deliver(poll) {
    poll.req.socket.destroy();
  },
};
