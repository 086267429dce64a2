import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** Native code that reads where nothing is. */
export const hasSegmentationFault: Fault = {
  name: 'segmentation fault',
  side: 'function',
  errorType: ERROR_TYPES.killed,
  inWorker() {
    process.kill(process.pid, 'SIGSEGV');
    return new Promise(() => {});
  },
};
