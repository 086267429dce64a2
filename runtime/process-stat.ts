import { readFileSync } from 'node:fs';

/**
 * Reads what the system knows of a process.
 *
 * Source: proc_pid_stat(5); the name in field 2 may hold spaces and brackets.
 *
 * @param pid the process
 * @returns its fields from the third, the state, on; `undefined` when there is no such process
 */
export function readProcessStat(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/**
 * Whether a process has ended with all of its threads. The first thread may be gone before the others, which hold what
 * they share: files, ports, and the processes it started as their children.
 *
 * Source: proc_pid_stat(5), fields 3 `state` and 20 `num_threads`.
 *
 * @param fields what the system knows of it
 */
export function hasEnded([state, ...rest]: readonly string[]): boolean {
  return state === 'X' || (state === 'Z' && Number(rest[16]) <= 1);
}
