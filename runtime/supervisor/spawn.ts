import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { type GoLine, LINES_DESCRIPTOR } from '../../worker/protocol.ts';
import { OutputTail } from './output-tail.ts';
import type { WorkerCommand } from './worker-command.ts';

/** How a worker ended. */
export interface WorkerEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Why it could not even be started. */
  readonly startError: Error | undefined;
  /** Its last lines of standard error. */
  readonly lastOutput: readonly string[];
}

/** A worker's process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** The lines it writes on its own descriptor. */
  readonly lines: Readable;
  /** Settles when it has ended; never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** Ends it with everything it started: SIGTERM, and SIGKILL when the grace period is over. */
  terminate(): void;
  kill(): void;
}

/** How long a dead worker's last lines may take to come through the pipe. */
const LAST_OUTPUT_MS = 100;

/**
 * Starts a worker and writes the go line to it. Standard input stays open: its end tells the worker that the
 * bootstrap is gone, however it died.
 *
 * @param command what to start
 * @param go the go line
 * @param stopGraceMs from SIGTERM to SIGKILL
 */
export function spawnWorker(command: WorkerCommand, go: GoLine, stopGraceMs: number): WorkerProcess {
  const subprocess = start(command, stopGraceMs);
  const tail = new OutputTail();
  // The bootstrap passes standard error on because it quotes the last lines when the worker dies.
  subprocess.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    tail.add(chunk.toString());
  });
  // A worker that dies before it has read the line is reported by `ended`.
  subprocess.stdin.on('error', () => {});
  subprocess.stdin.write(`${JSON.stringify(go)}\n`);

  return {
    pid: subprocess.pid,
    lines: subprocess.stdio[LINES_DESCRIPTOR] as Readable,
    ended: untilEnded(subprocess, tail),
    terminate: () => void subprocess.kill('SIGTERM'),
    kill: () => void subprocess.kill('SIGKILL'),
  };
}

function start(command: WorkerCommand, stopGraceMs: number) {
  return execa(command.file, command.args, {
    cwd: command.folder,
    env: command.variables,
    extendEnv: false,
    stdio: ['pipe', 'inherit', 'pipe', 'pipe'],
    buffer: false,
    reject: false,
    // Its own process group: what the function left running goes with it.
    killDescendants: true,
    forceKillAfterDelay: stopGraceMs,
  });
}

async function untilEnded(subprocess: ReturnType<typeof start>, tail: OutputTail): Promise<WorkerEnd> {
  if (subprocess.pid === undefined) {
    const { cause } = await subprocess;
    return { exitCode: undefined, signal: undefined, startError: cause as Error, lastOutput: [] };
  }
  const [exitCode, signal] = (await once(subprocess.nodeChildProcess, 'exit')) as [
    number | null,
    string | null,
  ];
  // What it started dies with it, or would write into the next invocations.
  subprocess.kill('SIGKILL');
  // Only a process that left the group can still hold the pipe open.
  await Promise.race([
    subprocess.stderr.closed ? undefined : once(subprocess.stderr, 'close'),
    delay(LAST_OUTPUT_MS, undefined, { ref: false }),
  ]);
  return {
    exitCode: exitCode ?? undefined,
    signal: signal ?? undefined,
    startError: undefined,
    lastOutput: tail.lines(),
  };
}
