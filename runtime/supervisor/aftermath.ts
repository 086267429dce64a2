import type { Log } from '../log.ts';
import type { WorkerProcess } from './worker-process.ts';

/** What of former workers is not over yet, and may hold what the next one wants: a port, or the memory. */
export class Aftermath {
  readonly #log: Log;
  #over: Promise<unknown> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Ends with a worker what it has left behind. */
  watch(worker: Pick<WorkerProcess, 'ended'>): void {
    void worker.ended.then(() => this.add(this.#endOrphans()));
  }

  /** Adds what has to come to its end too. */
  add(end: Promise<unknown>): void {
    this.#over = Promise.all([this.#over, end]);
  }

  /** Resolves when nothing of them is left. */
  async over(): Promise<void> {
    // One end may add another: what a worker left behind is known after its own.
    for (let awaited: unknown; awaited !== this.#over; ) {
      awaited = this.#over;
      await awaited;
    }
  }

  async #endOrphans(): Promise<void> {
    const { endOrphans } = await import('./orphans.ts');
    await endOrphans(this.#log);
  }
}
