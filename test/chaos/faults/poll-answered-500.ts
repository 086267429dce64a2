import type { Fault } from '../fault.ts';

/** A failure of the platform in place of an event, at which a runtime is to exit; the next one gets the event. */
export const pollAnswered500: Fault = {
  name: 'poll answered with 500',
  side: 'poll',
  replays: 1,
  endsEnvironment: true,
  deliver(poll) {
    poll.writeHead(500).end(JSON.stringify({ errorType: 'InternalServerError', errorMessage: 'Internal' }));
  },
};
