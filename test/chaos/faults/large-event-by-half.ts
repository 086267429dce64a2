import type { Fault } from '../fault.ts';

/** An event that breaks off when a part of it has flowed to the worker. */
export const largeEventByHalf: Fault = {
  name: 'large event by half',
  side: 'poll',
  replays: 1,
  eventBytes: 300_000,
  deliver(poll, { headers, body }) {
    poll.writeHead(200, headers);
    poll.write(body.subarray(0, body.length / 2), () => poll.req.socket.destroy());
  },
};
