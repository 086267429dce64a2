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
