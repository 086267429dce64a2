import type { Fault } from '../fault.ts';

/** An event that breaks off in the middle. */
export const eventByHalf: Fault = {
  name: 'event by half',
  side: 'poll',
  replays: 1,
  deliver(poll, { headers, body }) {
    poll.writeHead(200, headers);
    poll.write(body.subarray(0, body.length / 2), () => poll.req.socket.destroy());
  },
};
