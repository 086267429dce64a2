/** What a case waited for did not come in time. */
export class OutOfTime extends Error {}

interface Waiter {
  look(): boolean;
}

/** One place that is told of every change, so that a case can wait for any condition without looking at a clock. */
export class Watch {
  readonly #waiters = new Set<Waiter>();
  #failure: Error | undefined;

  /** Says that something changed: whoever waits looks again. */
  changed(): void {
    for (const waiter of this.#waiters) if (waiter.look()) this.#waiters.delete(waiter);
  }

  /** Ends all waiting, now and later, with an error. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.changed();
  }

  /**
   * Waits until a condition holds.
   *
   * @param what the condition in words, for the error
   * @param limitMs how long it may take
   * @param probe the condition: any value but `undefined` ends the wait; what it throws does too
   * @throws {OutOfTime} when it did not come
   */
  until<Value>(what: string, limitMs: number, probe: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
        return true;
      };
      const waiter = {
        look: () => {
          try {
            const value = probe();
            if (value !== undefined) return end(() => resolve(value));
          } catch (error) {
            return end(() => reject(error as Error));
          }
          const failure = this.#failure;
          return failure !== undefined && end(() => reject(failure));
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new OutOfTime(`Waited ${limitMs / 1000} s for ${what}, which did not come`));
      }, limitMs);
      if (!waiter.look()) this.#waiters.add(waiter);
    });
  }
}
