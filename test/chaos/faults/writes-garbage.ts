import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker that answers with something else than HTTP. */
export const writesGarbage: Fault = {
  name: 'writes garbage',
  side: 'function',
  errorType: ERROR_TYPES.garbled,
  inWorker() {
    for (const connection of globalThis.bootstrapConnections()) connection.write('!! no HTTP at all\r\n\r\n');
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
