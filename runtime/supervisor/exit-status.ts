import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** How a process ended: one of both. */
export interface ExitStatus {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/**
 * Reads how a child that nobody has waited for ended.
 *
 * Source: proc_pid_stat(5), fields 3 `state` and 52 `exit_code`, the latter in the form of waitpid(2); the name in
 * field 2 may hold spaces and brackets.
 *
 * @param pid the child
 * @returns `undefined` while it runs; without code and signal when the system does not tell
 */
export function readExitStatus(pid: number): ExitStatus | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return { exitCode: undefined, signal: undefined };
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] !== 'Z') return undefined;
  const status = Number(fields[49]);
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: undefined };
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return { exitCode: undefined, signal: signal ?? `signal ${number}` };
}
