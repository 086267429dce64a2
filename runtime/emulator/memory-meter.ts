import { lookAtProcess, residentBytes } from './sandbox/process-look.ts';
import { proportionalBytes, signalProcess, untilGone } from './sandbox/process-table.ts';

/** A look costs tens of microseconds. A function that fills memory may have some 50 MB too much before the next one. */
const LOOK_MS = 50;
/** To read through all pages takes about a millisecond a process: only where this much has come since the last time. */
const GROWTH_BYTES = 4 * 2 ** 20;
/**
 * A warm invocation is over sooner than its memory is read. One that was this brief has not touched much, so the figure
 * from shortly before stands for it.
 */
const BRIEF_MS = 10;
const VALID_MS = 1000;

/** Finds the ids of all processes of an environment. */
export type ListProcesses = () => readonly number[];

/** The memory of one environment: the most that it used, and an end to the process that takes it over its limit. */
export class MemoryMeter {
  readonly #limitBytes: number;
  #peakBytes = 0;
  #residentBytes = 0;
  #readMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> = Promise.resolve();
  #exceeded = false;

  /** @param limitBytes the function's memory */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The most that was used so far, in bytes; never more than the limit, as on Lambda. */
  get peakBytes(): number {
    return Math.min(this.#peakBytes, this.#limitBytes);
  }

  /** Whether a process was killed for it since the last `watch()`. */
  get exceeded(): boolean {
    return this.#exceeded;
  }

  /**
   * Watches a busy environment.
   *
   * @returns a function that ends the watch
   */
  watch(list: ListProcesses): () => void {
    this.#exceeded = false;
    const timer = setInterval(() => {
      if (residentBytes(list()) > this.#residentBytes + GROWTH_BYTES) void this.#read(list);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }

  /**
   * Reads what an environment uses that has just been busy.
   *
   * @param activeMs how long it was, in milliseconds
   */
  async measure(list: ListProcesses, activeMs: number): Promise<void> {
    if (activeMs >= BRIEF_MS || performance.now() - this.#readMs >= VALID_MS) await this.#read(list);
  }

  /** One reading after the other: what is being killed must not count again. */
  #read(list: ListProcesses): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      const pids = list();
      this.#readMs = performance.now();
      this.#residentBytes = residentBytes(pids);
      const usedBytes = await proportionalBytes(pids);
      this.#peakBytes = Math.max(this.#peakBytes, usedBytes);
      if (usedBytes > this.#limitBytes) await this.#killLargest(list);
    });
    return this.#reading;
  }

  /** As the kernel does when a sandbox is full. */
  async #killLargest(list: ListProcesses): Promise<void> {
    const [largest] = list()
      .map((pid) => ({ look: lookAtProcess(pid), bytes: residentBytes([pid]) }))
      .sort((a, b) => b.bytes - a.bytes);
    if (largest?.look === undefined) return;
    this.#exceeded = true;
    this.#residentBytes = 0;
    if (await signalProcess(largest.look, 'SIGKILL')) await untilGone(largest.look);
  }
}
