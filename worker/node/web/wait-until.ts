/** Work that an answer does not wait for, but its invocation does. */
export interface LateWork {
  readonly waitUntil: (promise: unknown) => void;
  /** Resolves when all of it is done, what it started included. */
  done(): Promise<void>;
}

/**
 * Keeps the promises that a function wants to be waited for: what still runs when an invocation is over is frozen
 * with the environment. One that rejects is logged and changes no answer.
 * @returns where they are kept
 */
export function keepLateWork(): LateWork {
  const pending: Promise<unknown>[] = [];
  return {
    waitUntil(promise) {
      // Caught at once: until somebody waits, a rejection would count as one that nobody handles.
      pending.push(Promise.resolve(promise).catch((error: unknown) => console.error(error)));
    },
    async done() {
      while (pending.length > 0) await Promise.all(pending.splice(0));
    },
  };
}
