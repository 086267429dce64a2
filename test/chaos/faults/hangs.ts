import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A loop without an end: the deadline is over before it. */
export const hangs: Fault = {
  name: 'hangs',
  side: 'function',
  errorType: ERROR_TYPES.timeout,
  timeoutMs: 600,
  endsEnvironment: true,
  inWorker() {
    for (;;);
  },
};
