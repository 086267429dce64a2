const MINUTE_MS = 60_000;

/** What became of the invocations of one minute. */
export interface MinuteCount {
  readonly minuteMs: number;
  invocations: number;
  errors: number;
}

/** Counts the invocations that came through a function's aliases, by alias and by the version that served them. */
export class AliasMetrics {
  readonly #counts = new Map<string, MinuteCount[]>();

  /** Counts an invocation once it has its answer. */
  follow(alias: string, version: string, answered: Promise<{ readonly failed: boolean }>): void {
    const count = this.#minute(alias, version);
    answered.then(
      ({ failed }) => {
        count.invocations += 1;
        if (failed) count.errors += 1;
      },
      // The local Lambda was stopped: nobody is left to ask.
      () => {},
    );
  }

  /** The minutes in which something was called, the oldest first. */
  of(alias: string, version: string): readonly MinuteCount[] {
    return this.#counts.get(`${alias} ${version}`) ?? [];
  }

  #minute(alias: string, version: string): MinuteCount {
    const key = `${alias} ${version}`;
    const counts = this.#counts.get(key) ?? [];
    this.#counts.set(key, counts);
    const minuteMs = Date.now() - (Date.now() % MINUTE_MS);
    const last = counts.at(-1);
    if (last?.minuteMs === minuteMs) return last;
    const count = { minuteMs, invocations: 0, errors: 0 };
    counts.push(count);
    return count;
  }
}
