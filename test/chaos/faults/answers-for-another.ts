import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker whose answer is for an invocation that it was not given. */
export const answersForAnother: Fault = {
  name: 'answers for another',
  side: 'function',
  errorType: ERROR_TYPES.answerForAnother,
  inWorker({ requestId, result }) {
    for (const connection of globalThis.bootstrapConnections())
      connection.write(globalThis.answerTo(`${requestId}0`, result));
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
