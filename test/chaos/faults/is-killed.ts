import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker that the system kills. */
export const isKilled: Fault = {
  name: 'is killed',
  side: 'function',
  errorType: ERROR_TYPES.killed,
  inWorker() {
    process.kill(process.pid, 'SIGKILL');
    // The signal may take a moment.
    return new Promise(() => {});
  },
};
