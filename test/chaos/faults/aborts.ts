import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** Code that calls `abort()`. */
export const aborts: Fault = {
  name: 'aborts',
  side: 'function',
  errorType: ERROR_TYPES.aborted,
  inWorker: () => process.abort(),
};
