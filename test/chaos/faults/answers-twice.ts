import type { Fault } from '../fault.ts';

/** A worker that gives two answers, and a third when its handler returns: the first one counts. */
export const answersTwice: Fault = {
  name: 'answers twice',
  side: 'function',
  inWorker({ requestId, result }) {
    for (const connection of globalThis.bootstrapConnections()) {
      const first = globalThis.answerTo(requestId, result);
      // The end of the first goes with the second, in a write too small to be cut: else that could come in the midst
      // of the next invocation, which it would cost an error.
      connection.write(first.slice(0, -1));
      connection.write(first.slice(-1) + globalThis.answerTo(requestId, 'second'));
    }
  },
};
