import { readdir, readFile } from 'node:fs/promises';
import { type ProcessStat, readProcesses } from '../../../runtime/process-stat.ts';

/** Clock ticks of `proc(5)`, 100 a second on every Linux that Node runs on. */
const TICK_NS = 10_000_000;
/** Fields of `/proc/PID/stat`, counted from the state, which is the third. */
const OWN_TIME_INDEX = 14 - 3;
const CHILDREN_TIME_INDEX = 16 - 3;

/** Memory of several processes. */
export interface MemoryUse {
  /** Pages that are shared count in part: by how many share them. */
  readonly proportionalKiB: number;
  /** Pages that nobody else has. */
  readonly privateKiB: number;
}

/**
 * Lists the processes of an environment: those in its session, which also holds the ones whose parents are gone, and
 * those below them that left it.
 *
 * @param root id of the process that leads the session
 */
export async function listEnvironment(root: number): Promise<readonly number[]> {
  const all = readProcesses();
  const members = new Set(all.filter(({ session }) => session === root).map(({ pid }) => pid));
  const isNew = ({ pid, parentPid }: ProcessStat) => members.has(parentPid) && !members.has(pid);
  for (let fresh = all.filter(isNew); fresh.length > 0; fresh = all.filter(isNew)) {
    for (const { pid } of fresh) members.add(pid);
  }
  return [...members];
}

/**
 * Adds up the user and system time that processes have used so far, with that of their children that have ended.
 *
 * @param pids process ids; those that have ended count nothing
 * @returns nanoseconds; exact for threads that live, else to 10 ms
 */
export async function cpuNs(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map(cpuNsOf));
  return times.reduce((sum, ns) => sum + ns, 0);
}

async function cpuNsOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (line === undefined) return 0;
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticksAt = (index: number) => Number(fields[index]) + Number(fields[index + 1]);
  const threads = await threadsNs(pid);
  // The threads alone miss those that have ended; the process's own sum is cut to whole ticks.
  return Math.max(threads, ticksAt(OWN_TIME_INDEX) * TICK_NS) + ticksAt(CHILDREN_TIME_INDEX) * TICK_NS;
}

async function threadsNs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lines = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').catch(() => '0')),
  );
  return lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}

/**
 * Adds up the memory of processes.
 *
 * @param pids process ids; those that have ended count nothing
 */
export async function memoryUse(pids: readonly number[]): Promise<MemoryUse> {
  const rollups = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '')),
  );
  const sum = (name: RegExp) =>
    rollups.reduce(
      (total, rollup) => total + [...rollup.matchAll(name)].reduce((kib, [, size]) => kib + Number(size), 0),
      0,
    );
  return {
    proportionalKiB: sum(/^Pss:\s+(\d+) kB/gm),
    privateKiB: sum(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm),
  };
}
