import { monotonicMs } from '../control/replacement.ts';

/** Changes that belong together. */
export interface Batch {
  readonly paths: ReadonlySet<string>;
  /** When the first of them was seen, as of {@link monotonicMs}. */
  readonly noticedMs: number;
}

/** Gathers changes until none has come for a while. */
export class Changes {
  #paths = new Set<string>();
  #noticedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #settledMs = 0;
  #take: ((batch: Batch) => void) | undefined;

  /**
   * Adds a change.
   *
   * @param path of what was changed
   * @param settleMs how long none may follow, in milliseconds
   */
  add(path: string, settleMs: number): void {
    if (this.#paths.size === 0) this.#noticedMs = monotonicMs();
    this.#paths.add(path);
    // A change that settles fast does not cut the time short that an earlier one wants.
    this.#settledMs = Math.max(this.#settledMs, performance.now() + settleMs);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), Math.max(0, this.#settledMs - performance.now()));
  }

  /** Waits for changes that have settled; one caller at a time. */
  async next(signal: AbortSignal): Promise<Batch | undefined> {
    const { promise, resolve } = Promise.withResolvers<Batch | undefined>();
    const leave = () => resolve(undefined);
    signal.addEventListener('abort', leave);
    this.#take = resolve;
    if (signal.aborted) leave();
    else if (this.#timer === undefined) this.#settle();
    try {
      return await promise;
    } finally {
      this.#take = undefined;
      signal.removeEventListener('abort', leave);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #settle(): void {
    this.#timer = undefined;
    if (this.#take === undefined || this.#paths.size === 0) return;
    this.#take({ paths: this.#paths, noticedMs: this.#noticedMs });
    this.#take = undefined;
    this.#paths = new Set();
    this.#settledMs = 0;
  }
}
