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
 * @param pid the child
 * @returns `undefined` while one of its threads runs; without code and signal when the system does not tell
 */
export function readExitStatus(pid: number): ExitStatus | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined) return { exitCode: undefined, signal: undefined };
  if (!hasEnded(stat)) return undefined;
  const number = stat.exitStatus & 0x7f;
  if (number === 0) return { exitCode: stat.exitStatus >> 8, signal: undefined };
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return { exitCode: undefined, signal: signal ?? `signal ${number}` };
}
