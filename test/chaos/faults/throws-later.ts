import type { Fault } from '../fault.ts';

/** An exception that nobody catches, outside the handler's own calls. */
export const throwsLater: Fault = {
  name: 'throws later',
  side: 'function',
  errorType: 'TypeError',
  inWorker() {
    setImmediate(() => {
      throw new TypeError('on purpose');
    });
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
