import { isReadingDue, type ListProcesses, type MemoryMeter } from './memory-meter.ts';
import { type CgroupPlace, MemoryCgroup } from './sandbox/memory-cgroup.ts';
import { PAGE_BYTES } from './sandbox/process-look.ts';
import { proportionalBytes } from './sandbox/process-table.ts';

/**
 * Leaves the limit to the kernel, and has it tell what was used between two looks. The figure itself is the proportional
 * set size, because a cgroup is charged with file pages by who reads them first: the interpreter's are the local
 * Lambda's, which unpacked it, and whatever the function reads and writes below `/tmp` is its own up to the limit.
 */
export class CgroupMeter implements MemoryMeter {
  readonly #limitBytes: number;
  readonly #place: CgroupPlace;
  #cgroup: MemoryCgroup | undefined;
  #peakBytes = 0;
  #readMs = Number.NEGATIVE_INFINITY;
  #markBytes = 0;
  #faults = 0;
  #kills = 0;
  #killsBefore = 0;

  /**
   * @param limitBytes the function's memory
   * @param place where its cgroup is made
   */
  constructor(limitBytes: number, place: CgroupPlace) {
    this.#limitBytes = limitBytes;
    this.#place = place;
  }

  get peakBytes(): number {
    return this.#kills > 0 ? this.#limitBytes : Math.min(this.#peakBytes, this.#limitBytes);
  }

  async begin(): Promise<string> {
    this.#cgroup ??= await MemoryCgroup.make(this.#place, this.#limitBytes);
    return this.#cgroup.procsFile;
  }

  watch(): () => void {
    this.#killsBefore = this.#kills;
    return () => {};
  }

  exceeded(): boolean {
    this.#kills = this.#cgroup?.kills() ?? 0;
    return this.#kills > this.#killsBefore;
  }

  async measure(list: ListProcesses, activeMs: number): Promise<void> {
    if (this.#cgroup === undefined || !isReadingDue(activeMs, this.#readMs)) return;
    this.#readMs = performance.now();
    this.#kills = this.#cgroup.kills();
    const { markBytes, currentBytes, faults } = this.#cgroup.count();
    const hasRisen = markBytes > this.#markBytes;
    // Pages of files that were written or read, and are gone by now, came without a fault: they are no part of this.
    const touchedBytes = (faults - this.#faults) * PAGE_BYTES;
    const freedBytes = hasRisen ? Math.max(0, Math.min(markBytes - currentBytes, touchedBytes)) : 0;
    this.#markBytes = markBytes;
    this.#faults = faults;
    this.#peakBytes = Math.max(this.#peakBytes, (await proportionalBytes(list())) + freedBytes);
  }

  async end(): Promise<void> {
    await this.#cgroup?.remove();
    this.#cgroup = undefined;
  }
}
