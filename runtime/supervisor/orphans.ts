import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { readProcessStat } from '../process-stat.ts';

interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly startTicks: number;
}

/** From one look to the next, doubled each time: what is killed is gone within milliseconds. */
const FIRST_LOOK_MS = 1;
/** Half a second in all; what is there then waits in the kernel, and nothing ends it. */
const LOOKS = 9;

/**
 * Ends what a worker has left behind in a session of its own, where the end of its process group does not reach, and
 * waits until it is gone: the next worker may want its port. It is known by a limit that `bootstrap.sh` sets, which all
 * processes inherit, without a parent and with other variables too. Started without the shell nothing is known.
 *
 * @param log where it is told what was ended
 */
export async function endOrphans(log: Log): Promise<void> {
  const mark = readMark('self');
  if (mark === undefined) return;
  for (let look = 0, lookMs = FIRST_LOOK_MS; look < LOOKS; look++, lookMs *= 2) {
    const orphans = findOrphans(mark);
    if (orphans.length === 0) return;
    for (const pid of orphans) {
      if (look === 0) log.info(`process ${pid} (${commandOf(pid)}) has outlived its worker and is ended`);
      end(pid);
    }
    await delay(lookMs);
  }
  log.warn(`processes ${findOrphans(mark).join(', ')} have outlived their worker and do not end`);
}

/** Beside a worker that lives on, only those older than it: of the others nobody knows whose they are. */
function findOrphans(mark: string): number[] {
  const processes = readProcesses();
  const workers = processes.filter(({ parentPid }) => parentPid === process.pid);
  const oldestTicks = Math.min(...workers.map(({ startTicks }) => startTicks));
  const ours = new Set([process.pid]);
  let size: number;
  do {
    size = ours.size;
    for (const { pid, parentPid } of processes) if (ours.has(parentPid)) ours.add(pid);
  } while (ours.size > size);
  return processes
    .filter(({ pid, startTicks }) => !ours.has(pid) && startTicks < oldestTicks && readMark(pid) === mark)
    .map(({ pid }) => pid);
}

/** All that run. */
function readProcesses(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    const [state, parentPid, ...rest] = (/^\d+$/.test(name) && readProcessStat(Number(name))) || [];
    if (state === undefined || state === 'Z' || state === 'X') return [];
    return [{ pid: Number(name), parentPid: Number(parentPid), startTicks: Number(rest[17]) }];
  });
}

/** Source: proc_pid_limits(5). The limit is of no use since Linux 2.4.25, getrlimit(2). */
function readMark(pid: number | 'self'): string | undefined {
  try {
    return /^Max file locks +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '');
  } catch {
    return 'ended meanwhile';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile, or another user's: then it is found again.
  }
}
