import { constants } from 'node:os';
import { hasEnded, readProcessStat } from '../process-stat.ts';

/** How a process ended: one of both. */
export interface ExitStatus {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/**
 * Reads how a child that nobody has waited for ended.
 *
 * Source: proc_pid_stat(5), fields 3 `state` and 52 `exit_code`, the latter in the form of waitpid(2).
 *
 * @param pid the child
 * @returns `undefined` while one of its threads runs; without code and signal when the system does not tell
 */
export function readExitStatus(pid: number): ExitStatus | undefined {
  const fields = readProcessStat(pid);
  if (fields === undefined) return { exitCode: undefined, signal: undefined };
  if (!hasEnded(fields)) return undefined;
  const status = Number(fields[49]);
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: undefined };
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return { exitCode: undefined, signal: signal ?? `signal ${number}` };
}
