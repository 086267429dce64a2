import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** Code that ends its process with an error's exit code. */
export const exitsWith7: Fault = {
  name: 'exits with 7',
  side: 'function',
  errorType: ERROR_TYPES.exited,
  inWorker: () => process.exit(7),
};
