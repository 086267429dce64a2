import type { Log } from '../log.ts';
import { killWorker } from './kill-worker.ts';
import type { WorkerProcess } from './worker-process.ts';

/** What of former workers is not over yet, and may hold what the next one wants: a port, or the memory. */
export class Aftermath {
  readonly #log: Log;
  #over: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Ends with a worker what it has left behind. */
  watch(worker: Pick<WorkerProcess, 'ended'>): void {
    void worker.ended.then(() => this.add(this.#endOrphans()));
  }

  /** Kills a worker, and adds its end. */
  kill(worker: Pick<WorkerProcess, 'ended' | 'kill'>): void {
    this.add(killWorker(worker));
  }

  /** Adds what has to come to its end too. */
  add(end: Promise<unknown>): void {
    // Without their results: each would hold all earlier ones.
    this.#over = Promise.all([this.#over, end]).then(() => {});
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
