import { setTimeout as delay } from 'node:timers/promises';
import type { GoLine } from '../../worker/protocol.ts';
import type { LaunchedWorker } from '../config.ts';
import { readProcessStat } from '../process-stat.ts';
import { passErrorOutput } from './error-output.ts';
import { type ExitStatus, readExitStatus } from './exit-status.ts';
import { readPipe, writePipe } from './inherited-pipe.ts';
import { readWorkerLines } from './ready.ts';
import { watchEnd } from './worker-end.ts';
import type { WorkerProcess } from './worker-process.ts';

/** From the end of its lines to the end of the process, doubled each time up to a second. */
const FIRST_LOOK_MS = 1;
const LAST_LOOK_MS = 1_000;

/**
 * Takes over the worker that `bootstrap.sh` started, and writes the go line to it. It is a child of this process,
 * since the shell became it, yet none that Node would wait for: the system keeps its exit status for us.
 *
 * @param launched the process and its pipes
 * @param go the go line
 * @returns `undefined` when it died so early that the shell, not yet become this process, waited for it: only another
 *   start can tell why
 */
export function adoptWorker(launched: LaunchedWorker, go: GoLine): WorkerProcess | undefined {
  const { pid } = launched;
  if (readProcessStat(pid) === undefined) {
    dismissWorker(launched);
    return undefined;
  }
  const lastOutput = passErrorOutput(readPipe(launched.errors));
  const lines = readWorkerLines(readPipe(launched.lines));
  const input = writePipe(launched.input);
  // A worker that is dead already is reported by `ended`.
  input.write(`${JSON.stringify(go)}\n`);
  const gatherEnd = watchEnd(go, lines, lastOutput);
  const ended = untilEnded(lines.closed, pid).then(gatherEnd);
  void ended.then(() => input.close());
  return {
    pid,
    socketPath: go.socket,
    lines,
    ended,
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
}

/**
 * Lets a worker go that is not the right one: the end of its standard input tells it to exit.
 *
 * @param launched the process and its pipes
 */
export function dismissWorker({ input, lines, errors }: LaunchedWorker): void {
  for (const descriptor of [input, lines, errors]) writePipe(descriptor).close();
}

async function untilEnded(linesClosed: Promise<void>, pid: number): Promise<ExitStatus> {
  // What it started may hold its lines open: PHP gives each program it runs all descriptors.
  await Promise.race([linesClosed, untilChildEnded(pid)]);
  let status = readExitStatus(pid);
  // Its files are closed a moment before it has ended; a worker that closed them itself lives on.
  for (let lookMs = FIRST_LOOK_MS; status === undefined; lookMs = Math.min(2 * lookMs, LAST_LOOK_MS)) {
    await delay(lookMs);
    status = readExitStatus(pid);
  }
  // What it started dies with it, or would write into the next invocations.
  signalGroup(pid, 'SIGKILL');
  return status;
}

/** Node, Deno and Bun tell this signal also of a child that they do not wait for. */
function untilChildEnded(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (readExitStatus(pid) === undefined) return;
      process.off('SIGCHLD', look);
      resolve();
    };
    process.on('SIGCHLD', look);
    // It may have ended before.
    look();
  });
}

/** The process is never waited for, so its id names it, and its group, as long as the bootstrap lives. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
