import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A promise whose rejection nobody handles. */
export const rejectsUnheard: Fault = {
  name: 'rejects unheard',
  side: 'function',
  errorType: ERROR_TYPES.unhandledRejection,
  inWorker() {
    void Promise.reject(new Error('on purpose'));
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
