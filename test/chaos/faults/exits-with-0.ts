import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** Code that ends its process as if all were well. */
export const exitsWith0: Fault = {
  name: 'exits with 0',
  side: 'function',
  errorType: ERROR_TYPES.exited,
  inWorker: () => process.exit(0),
};
