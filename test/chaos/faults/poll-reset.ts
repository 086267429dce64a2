import type { Fault } from '../fault.ts';

/** The connection is reset with an event on its way. */
export const pollReset: Fault = {
  name: 'poll is reset',
  side: 'poll',
  replays: 1,
  deliver(poll) {
    poll.req.socket.resetAndDestroy();
  },
};
