import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

const PARTS = 4;

/** An event that comes in parts, with pauses between them. */
export const eventDrips: Fault = {
  name: 'event drips',
  side: 'poll',
  async deliver(poll, { headers, body }, { pauseMs }) {
    poll.writeHead(200, headers);
    for (let part = 0; part < PARTS; part++) {
      if (part > 0) await delay(pauseMs / PARTS);
      poll.write(body.subarray((body.length * part) / PARTS, (body.length * (part + 1)) / PARTS));
    }
    poll.end();
  },
};
