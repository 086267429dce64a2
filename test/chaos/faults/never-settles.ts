import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A promise that nothing in the process could settle any more. */
export const neverSettles: Fault = {
  name: 'never settles',
  side: 'function',
  errorType: ERROR_TYPES.neverSettles,
  inWorker: () => new Promise(() => {}),
};
