import { isReadingDue, type ListProcesses, type MemoryMeter } from './memory-meter.ts';
import { lookAtProcess, residentBytes } from './sandbox/process-look.ts';
import { proportionalBytes, signalProcess, untilGone } from './sandbox/process-table.ts';

/** A look costs tens of microseconds. A function that fills memory may have some 50 MB too much before the next one. */
const LOOK_MS = 50;
/** To read through all pages takes about a millisecond a process: only where this much has come since the last time. */
const GROWTH_BYTES = 4 * 2 ** 20;

/** Adds up the proportional set sizes of all processes, and is the one who kills: works on every machine. */
export class ProportionalMeter implements MemoryMeter {
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

  get peakBytes(): number {
    return Math.min(this.#peakBytes, this.#limitBytes);
  }

  async begin(): Promise<undefined> {}

  watch(list: ListProcesses): () => void {
    this.#exceeded = false;
    const timer = setInterval(() => {
      if (residentBytes(list()) > this.#residentBytes + GROWTH_BYTES) void this.#read(list);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }

  exceeded(): boolean {
    return this.#exceeded;
  }

  async measure(list: ListProcesses, activeMs: number): Promise<void> {
    if (isReadingDue(activeMs, this.#readMs)) await this.#read(list);
  }

  async end(): Promise<void> {}

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
