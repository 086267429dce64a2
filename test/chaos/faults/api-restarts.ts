import type { Fault } from '../fault.ts';

/** A Runtime API that is started again between poll and post. */
export const apiRestarts: Fault = {
  name: 'API restarts',
  side: 'run',
  // The answer may have come just before.
  repeats: 1,
  whileRunning: ({ restart }) => restart(),
};
