import { isReadingDue, type ListProcesses, type MemoryMeter } from './memory-meter.ts';
import { type CgroupPlace, MemoryCgroup } from './sandbox/memory-cgroup.ts';
import { fileBytes, proportionalBytes } from './sandbox/process-table.ts';

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
  #fileBytes = 0;
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
    return this.#cgroup.entryFile;
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
    const { markBytes, currentBytes } = this.#cgroup.usage();
    const pids = list();
    const [usedBytes, filesBytes] = await Promise.all([proportionalBytes(pids), fileBytes(pids)]);
    const hasRisen = markBytes > this.#markBytes;
    // Pages of files were charged too and may be gone by now, with the file or because others needed the room.
    const newFileBytes = filesBytes - (filesBytes < this.#fileBytes ? 0 : this.#fileBytes);
    const freedBytes = hasRisen ? Math.max(0, markBytes - currentBytes - newFileBytes) : 0;
    this.#markBytes = markBytes;
    this.#fileBytes = filesBytes;
    this.#peakBytes = Math.max(this.#peakBytes, usedBytes + freedBytes);
  }

  async end(): Promise<void> {
    await this.#cgroup?.remove();
    this.#cgroup = undefined;
  }
}
