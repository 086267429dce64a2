import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** Code that keeps all it makes. */
export const fillsHeap: Fault = {
  name: 'fills the heap',
  side: 'function',
  errorType: ERROR_TYPES.outOfMemory,
  inWorker() {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  },
};
