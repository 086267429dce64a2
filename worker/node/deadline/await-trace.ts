import { createHook } from 'node:async_hooks';
import type { TracedAwait } from '../../protocol.ts';

/** Of each promise that waits one stack is held: those of a function that leaks them must not fill the memory. */
const MAX_HELD = 5_000;
/** Of one invocation. */
const MAX_TOLD = 20;
/** Then a worker that was made to find out about one timeout gets its speed back. */
const MAX_TRACED = 100_000;

/**
 * Keeps book of the promises that wait, and where in the code they were made. It slows all asynchronous code down, so it
 * is for the search only.
 * @param isLasting - whether it is wanted for the life of the process
 * @param currentId - gives the invocation whose code runs
 * @returns gives the promises that still wait, the latest first
 */
export function startAwaitTrace(
  isLasting: boolean,
  currentId: () => string | undefined,
): () => readonly TracedAwait[] {
  const waiting = new Map<number, { readonly requestId: string | undefined; readonly made: Error }>();
  const over = (id: number): void => void waiting.delete(id);
  let traced = 0;
  const hook = createHook({
    init(id, type) {
      if (type !== 'PROMISE') return;
      if (!isLasting && ++traced > MAX_TRACED) hook.disable();
      waiting.set(id, { requestId: currentId(), made: new Error('promise') });
      if (waiting.size > MAX_HELD) over(waiting.keys().next().value as number);
    },
    before: over,
    // Not `destroy`: nobody holds a promise that can never settle, and it is the one that is searched for.
    promiseResolve: over,
  }).enable();
  return () =>
    [...Map.groupBy([...waiting.values()].reverse(), ({ requestId }) => requestId).values()].flatMap((own) =>
      own.slice(0, MAX_TOLD).map(({ requestId, made }) => ({ requestId, stack: String(made.stack) })),
    );
}
