import type { Fault } from '../fault.ts';
import { send } from '../send.ts';

/** A worker that is killed between two events; the next one comes at that very moment. */
export const killedIdle: Fault = {
  name: 'killed while idle',
  side: 'poll',
  isSmall: true,
  async deliver(poll, { headers, body }, { killWorker }) {
    await killWorker();
    await send(poll, headers, body);
  },
};
