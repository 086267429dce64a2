import { createHook } from 'node:async_hooks';

/** Of each promise that waits one stack is held: those of a function that leaks them must not fill the memory. */
const MAX_HELD = 5_000;
const MAX_TOLD = 20;
/** Then a worker that was made to find out about one timeout gets its speed back. */
const MAX_TRACED = 100_000;

/**
 * Keeps book of the promises that wait, and where in the code they were made. It slows all asynchronous code down, so it
 * is for the search only.
 * @param isLasting - whether it is wanted for the life of the process
 * @returns gives the stacks of the promises that still wait, the latest first
 */
export function startAwaitTrace(isLasting: boolean): () => readonly string[] {
  const waiting = new Map<number, Error>();
  const over = (id: number): void => void waiting.delete(id);
  let traced = 0;
  const hook = createHook({
    init(id, type) {
      if (type !== 'PROMISE') return;
      if (!isLasting && ++traced > MAX_TRACED) hook.disable();
      waiting.set(id, new Error('promise'));
      if (waiting.size > MAX_HELD) over(waiting.keys().next().value as number);
    },
    before: over,
    promiseResolve: over,
    destroy: over,
  }).enable();
  return () =>
    [...waiting.values()]
      .slice(-MAX_TOLD)
      .reverse()
      .map(({ stack }) => String(stack));
}
