import { ERROR_TYPES } from '../error-types.ts';
import type { Fault } from '../fault.ts';

/** A worker that hangs up, and lives on. */
export const closesSocket: Fault = {
  name: 'closes its socket',
  side: 'function',
  errorType: ERROR_TYPES.unreachable,
  inWorker() {
    for (const connection of globalThis.bootstrapConnections()) connection.destroy();
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};
