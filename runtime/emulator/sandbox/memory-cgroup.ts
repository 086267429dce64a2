import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readProcess } from './process-table.ts';

/** Where memory cgroups are made, and in which of the two languages the kernel speaks there. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** What is charged to a cgroup, pages of files included. */
export interface CgroupUsage {
  /** The most at once; 0 where the kernel does not say. */
  readonly markBytes: number;
  readonly currentBytes: number;
}

/** The owner's process id and start time are in the name, so that it is known from its first moment whose it is. */
const NAME = /^pilotlight-(\d+)-([0-9a-z]+)-[A-Za-z0-9]{6}$/;
/** No event tells that a cgroup has become empty; the kernel takes a millisecond or two to end a process. */
const EMPTY_LOOK_MS = 2;
/** What takes longer waits for a disk, or is nobody's to end: the next run tries again. */
const REMOVE_LIMIT_MS = 2000;

/** What the files are called, and what is written so that nothing is swapped out. */
const FILES = {
  1: {
    // One thread that moves itself is spared the 10 ms that the kernel takes to move a process; not in version 2.
    entry: 'tasks',
    limit: 'memory.limit_in_bytes',
    noSwap: (limitBytes: number) => ['memory.memsw.limit_in_bytes', limitBytes] as const,
    current: 'memory.usage_in_bytes',
    mark: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
  2: {
    entry: 'cgroup.procs',
    limit: 'memory.max',
    noSwap: () => ['memory.swap.max', 0] as const,
    current: 'memory.current',
    mark: 'memory.peak',
    events: 'memory.events',
  },
} as const;

/** A cgroup that holds the processes of one environment to its memory. */
export class MemoryCgroup {
  readonly #folder: string;
  readonly #files: (typeof FILES)[1 | 2];

  private constructor({ version, folder }: CgroupPlace) {
    this.#folder = folder;
    this.#files = FILES[version];
  }

  /**
   * Makes a cgroup without processes.
   *
   * @param place where it is made
   * @param limitBytes what its processes may use together, beyond what the kernel can reclaim
   */
  static async make(place: CgroupPlace, limitBytes: number): Promise<MemoryCgroup> {
    const name = `pilotlight-${process.pid}-${await startTime(process.pid)}-`;
    const made = new MemoryCgroup({ ...place, folder: await mkdtemp(join(place.folder, name)) });
    try {
      await made.#limit(limitBytes);
    } catch (error) {
      await made.remove();
      throw error;
    }
    return made;
  }

  /** A process without other threads that writes a 0 here is in from then on, with all that it starts. */
  get entryFile(): string {
    return join(this.#folder, this.#files.entry);
  }

  /** How many processes the kernel has killed here for lack of memory; it counts before it kills. */
  kills(): number {
    return Number(/^oom_kill (\d+)$/m.exec(this.#read(this.#files.events))?.[1] ?? 0);
  }

  usage(): CgroupUsage {
    return {
      markBytes: Number(this.#read(this.#files.mark)),
      currentBytes: Number(this.#read(this.#files.current)),
    };
  }

  /** Ends what still runs in it, then removes it. */
  remove(): Promise<void> {
    return removeFolder(this.#folder);
  }

  async #limit(limitBytes: number): Promise<void> {
    await this.#write(this.#files.limit, limitBytes);
    const [file, bytes] = this.#files.noSwap(limitBytes);
    // Missing in a kernel that does not count swap for each cgroup.
    await this.#write(file, bytes).catch(() => {});
  }

  async #write(file: string, value: number): Promise<void> {
    await writeFile(join(this.#folder, file), String(value), { flag: 'r+' });
  }

  /** Reading takes microseconds and never waits. */
  #read(file: string): string {
    try {
      return readFileSync(join(this.#folder, file), 'latin1');
    } catch {
      return '';
    }
  }
}

/**
 * Removes the cgroups that killed runs left behind, with what still runs in them.
 *
 * @param folder where they are made
 */
export async function removeLeftCgroups(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = NAME.exec(name);
    if (match === null || (await startTime(Number(match[1]))) === match[2]) continue;
    await removeFolder(join(folder, name));
  }
}

/** One that cannot be removed is a nuisance, not a failure of a run. */
async function removeFolder(folder: string): Promise<void> {
  const limitMs = performance.now() + REMOVE_LIMIT_MS;
  for (;;) {
    for (const pid of await membersOf(folder)) kill(pid);
    const error = await rmdir(folder).then(
      () => undefined,
      ({ code }: NodeJS.ErrnoException) => code,
    );
    if (error !== 'EBUSY' || performance.now() > limitMs) return;
    await setTimeout(EMPTY_LOOK_MS);
  }
}

async function membersOf(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'latin1').catch(() => '');
  // 0 is one that this process cannot name, and to a signal it would mean ourselves.
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** When a process started, as part of a name; undefined when it has ended. */
async function startTime(pid: number): Promise<string | undefined> {
  return (await readProcess(pid))?.startTicks.toString(36);
}
