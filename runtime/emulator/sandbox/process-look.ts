import { readdirSync, readFileSync } from 'node:fs';
import { hasEnded, type ProcessStat, readProcessStat } from '../../process-stat.ts';

/** Of x86_64, and of ARM as all common distributions set it; nothing but a program, `getconf`, tells. */
const PAGE_BYTES = 4096;

/** A process as it is in this very turn of the event loop. */
export interface ProcessLook extends ProcessStat {
  /**
   * `blocked` until a disk answers, or until a child has begun its program: no signal gets through before that. Also
   * when the first thread is gone, since the system tells of no other whether it is stopped.
   */
  readonly activity: 'stopped' | 'blocked' | 'running';
}

/**
 * Looks one process up at once. Reading `/proc` takes microseconds and never waits, and what is decided on it is still
 * true when the decision is carried out.
 *
 * @param pid its id
 * @returns undefined when there is none, or when it has ended and only waits to be reaped
 */
export function lookAtProcess(pid: number): ProcessLook | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined || hasEnded(stat)) return undefined;
  const { state } = stat;
  const activity = state === 'T' ? 'stopped' : state === 'D' || state === 'Z' ? 'blocked' : 'running';
  return { ...stat, activity };
}

/**
 * Lists a process and all below it at once, those started by its threads included.
 *
 * @param pid the topmost process
 * @returns process ids, parents before children; empty when it has ended
 */
export function lookAtTree(pid: number): readonly number[] {
  const tree = [pid];
  // Grows while it is walked.
  for (const parent of tree) {
    for (const thread of threadsOf(parent)) {
      const children = read(`/proc/${parent}/task/${thread}/children`) ?? '';
      tree.push(...children.split(' ').filter(Boolean).map(Number));
    }
  }
  return lookAtProcess(pid) === undefined ? [] : tree;
}

/**
 * Adds up the resident memory of processes: an upper bound of what they use, because shared pages count in each.
 *
 * @param pids process ids; what cannot be read is left out
 * @returns bytes
 */
export function residentBytes(pids: readonly number[]): number {
  const pages = pids.map((pid) => Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0));
  return pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES;
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
