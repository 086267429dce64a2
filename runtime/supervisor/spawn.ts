import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { type GoLine, LINES_DESCRIPTOR } from '../../worker/protocol.ts';
import { passErrorOutput } from './error-output.ts';
import type { ExitStatus } from './exit-status.ts';
import { readWorkerLines } from './ready.ts';
import type { WorkerCommand } from './worker-command.ts';
import { watchEnd } from './worker-end.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * Starts a worker and writes the go line to it. Standard input stays open: its end tells the worker that the
 * bootstrap is gone, however it died.
 *
 * @param command what to start
 * @param go the go line
 */
export function spawnWorker(command: WorkerCommand, go: GoLine): WorkerProcess {
  const subprocess = start(command);
  if (subprocess.pid === undefined) return neverStarted(subprocess, go);
  const lastOutput = passErrorOutput(subprocess.stderr);
  // A worker that dies before it has read the line is reported by `ended`.
  subprocess.stdin.on('error', () => {});
  subprocess.stdin.write(`${JSON.stringify(go)}\n`);

  const lines = readWorkerLines(subprocess.stdio[LINES_DESCRIPTOR] as Readable);
  const gatherEnd = watchEnd(go, lines, lastOutput);
  return {
    pid: subprocess.pid,
    socketPath: go.socket,
    lines,
    ended: untilEnded(subprocess).then(gatherEnd),
    kill: () => void subprocess.kill('SIGKILL'),
  };
}

function start(command: WorkerCommand) {
  // Its types know descriptors up to 9, it takes any.
  const logDescriptor = command.logDescriptor === undefined ? [] : [command.logDescriptor as 9];
  return execa(command.file, command.args, {
    cwd: command.folder,
    env: command.variables,
    extendEnv: false,
    stdio: ['pipe', 'inherit', 'pipe', 'pipe', ...logDescriptor],
    buffer: false,
    reject: false,
    // Its own process group: what the function left running goes with it.
    killDescendants: true,
  });
}

/** Not every interpreter has streams for such a one. */
function neverStarted(subprocess: ReturnType<typeof start>, { socket }: GoLine): WorkerProcess {
  const ended = subprocess.then(({ cause }) => ({
    exitCode: undefined,
    signal: undefined,
    startError: cause as Error,
    lastOutput: [],
    lastLine: undefined,
    report: undefined,
    ranOutOfMemory: false,
  }));
  return {
    pid: undefined,
    socketPath: socket,
    lines: { first: Promise.resolve(undefined), closed: Promise.resolve(), last: () => undefined },
    ended,
    kill: () => {},
  };
}

async function untilEnded(subprocess: ReturnType<typeof start>): Promise<ExitStatus> {
  const [exitCode, signal] = (await once(subprocess.nodeChildProcess, 'exit')) as [
    number | null,
    string | null,
  ];
  // What it started dies with it, or would write into the next invocations.
  subprocess.kill('SIGKILL');
  return { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
}
