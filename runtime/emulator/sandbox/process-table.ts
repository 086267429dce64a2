import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { hasEnded, type ProcessStat, readProcessStat } from '../../process-stat.ts';

/** A process for good: ids are used again, an id together with a start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in clock ticks (1/100 s) since the machine did. */
  readonly startTicks: number;
}

const CLOCK_TICKS_PER_S = 100;
/** No event tells that a process ended which is not our child; it takes the kernel a millisecond or two. */
const GONE_LOOK_MS = 2;

/**
 * Tells who a child is that was started in this very turn of the event loop: Node has not reaped it yet, so it is
 * there even if it has ended.
 *
 * @param pid its id
 */
export function identifyChild(pid: number): ProcessIdentity {
  const { startTicks } = readProcessStat(pid) as ProcessStat;
  return { pid, startTicks };
}

/**
 * Looks up one process.
 *
 * @param pid its id
 * @returns undefined when there is none, or when it has ended and only waits to be reaped
 */
export async function readProcess(pid: number): Promise<ProcessStat | undefined> {
  const stat = readProcessStat(pid);
  return stat === undefined || hasEnded(stat) ? undefined : stat;
}

/**
 * Reads a file of `/proc` at once, which takes microseconds. By way of other threads, with a buffer for each, a look at
 * every process of a machine is most of what ending an environment costs.
 *
 * @param path the file
 * @returns undefined when it is gone, or another user's
 */
export function readNow(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Adds up the memory of processes, each shared page counted once over all processes that share it.
 *
 * @param pids process ids; what cannot be read is left out
 * @returns proportional set size in bytes
 */
export async function proportionalBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Adds up what processes, and the children they have waited for, have read from disks and written to files.
 *
 * @param pids process ids; what cannot be read is left out
 * @returns bytes; each filled a page at some time
 */
export async function fileBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const counts = await readFile(`/proc/${pid}/io`, 'latin1').catch(() => '');
      return [...counts.matchAll(/^(?:read|write)_bytes: (\d+)$/gm)].map(([, bytes]) => Number(bytes));
    }),
  );
  return sizes.flat().reduce((sum, size) => sum + size, 0);
}

/**
 * Sends a signal unless the id belongs to another process by now.
 *
 * @returns whether it was sent
 */
export async function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isRunning(target))) return false;
  try {
    return process.kill(target.pid, signal);
  } catch {
    return false;
  }
}

/** Resolves when a process has ended. */
export async function untilGone(target: ProcessIdentity): Promise<void> {
  while (await isRunning(target)) await setTimeout(GONE_LOOK_MS);
}

/** Time since the machine started, in the unit of `startTicks`. */
export async function nowTicks(): Promise<number> {
  const uptimeS = Number.parseFloat(await readFile('/proc/uptime', 'latin1'));
  return Math.ceil(uptimeS * CLOCK_TICKS_PER_S);
}

/** Whether a process has not ended yet, and its id has not become another's. */
export async function isRunning({ pid, startTicks }: ProcessIdentity): Promise<boolean> {
  return (await readProcess(pid))?.startTicks === startTicks;
}
