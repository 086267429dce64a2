import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { readProcessArguments } from '../process-arguments.ts';
import { readProcesses } from '../process-stat.ts';

/** From one look to the next, doubled each time: what is killed is gone within milliseconds. */
const FIRST_LOOK_MS = 1;
/** Half a second in all; what is there then waits in the kernel, and nothing ends it. */
const LOOKS = 9;

/**
 * Ends what a worker has left behind in a session of its own, where the end of its process group does not reach, and
 * waits until it is gone: the next worker may want its port. It is known by a limit that `bootstrap.sh` has set to this
 * process's id, and that all below inherit, without a parent and with other variables too.
 *
 * @param log where it is told what was ended
 */
export async function endOrphans(log: Log): Promise<void> {
  // Started without the shell: then all processes of the machine may have the same limit.
  if (!isMarked(process.pid)) return;
  let orphans = findOrphans();
  for (const pid of orphans) {
    const program = basename(readProcessArguments(pid)[0] ?? 'ended meanwhile');
    log.info(`process ${pid} (${program}) has outlived its worker and is ended`);
  }
  for (let look = 0; look < LOOKS && orphans.length > 0; look++) {
    for (const pid of orphans) end(pid);
    await delay(FIRST_LOOK_MS * 2 ** look);
    orphans = findOrphans();
  }
  if (orphans.length > 0)
    log.warn(`processes ${orphans.join(', ')} have outlived their worker and do not end`);
}

/** Beside a worker that lives on, only those older than it: of the others nobody knows whose they are. */
function findOrphans(): number[] {
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
    .filter(({ pid, startTicks }) => !ours.has(pid) && startTicks < oldestTicks && isMarked(pid))
    .map(({ pid }) => pid);
}

/** Source: proc_pid_limits(5). The limit is of no use since Linux 2.4.25, getrlimit(2). */
function isMarked(pid: number): boolean {
  try {
    const limit = /^Max file locks +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1];
    return limit === String(process.pid);
  } catch {
    return false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile, or another user's: then it is found again.
  }
}
