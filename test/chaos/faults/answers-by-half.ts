import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker whose answer ends in the middle. */
export const answersByHalf: Fault = {
  name: 'answers by half',
  side: 'function',
  errorType: ERROR_TYPES.halfAnswer,
  inWorker() {
    for (const connection of globalThis.bootstrapConnections())
      connection.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
