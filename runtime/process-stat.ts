import { readdirSync, readFileSync } from 'node:fs';

/** What the system knows of a process. */
export interface ProcessStat {
  readonly pid: number;
  /** A letter for what its first thread does. */
  readonly state: string;
  readonly parentPid: number;
  readonly session: number;
  /** How many have not ended; the first one counts until all have. */
  readonly threads: number;
  /** When it started, in clock ticks (1/100 s) since the machine did: with its id it names one process for ever. */
  readonly startTicks: number;
  /** How it ended, in the form of waitpid(2). */
  readonly exitStatus: number;
}

/**
 * Reads what the system knows of a process.
 *
 * Source: proc_pid_stat(5), fields 3, 4, 6, 20, 22 and 52; the name in field 2 may hold spaces and brackets.
 *
 * @param pid the process
 * @returns `undefined` when there is no such process
 */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const number = (field: number) => Number(fields[field - 3]);
  return {
    pid,
    state: fields[0] as string,
    parentPid: number(4),
    session: number(6),
    threads: number(20),
    startTicks: number(22),
    exitStatus: number(52),
  };
}

/**
 * Whether a process has ended with all of its threads. The first thread may be gone before the others, which hold what
 * they share: files, ports, and the processes it started as their children.
 *
 * @param stat what the system knows of it
 */
export function hasEnded({ state, threads }: ProcessStat): boolean {
  return state === 'X' || (state === 'Z' && threads <= 1);
}

/** Lists all processes that this user can see and that have not ended. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readProcessStat(Number(name)) : undefined;
    return stat === undefined || hasEnded(stat) ? [] : [stat];
  });
}
