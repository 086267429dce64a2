import type { Fault } from '../fault.ts';

/** A handler that fails as handlers do: its worker lives on. */
export const throws: Fault = {
  name: 'throws',
  side: 'function',
  errorType: 'RangeError',
  inWorker() {
    throw new RangeError('on purpose');
  },
};
