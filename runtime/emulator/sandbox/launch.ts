import { Readable } from 'node:stream';
import { execa } from 'execa';
import { identifyChild, type ProcessIdentity } from './process-table.ts';

/** A program to start, in whatever way it is then kept apart. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  /** All variables it gets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What it reads from its standard input, which is empty otherwise. */
  readonly stdin?: string;
  /** What it reads from `INPUTS_DESCRIPTOR` and the descriptors after it. */
  readonly inputs?: readonly string[];
  /** Whether it writes lines of JSON to `STATUS_DESCRIPTOR`. */
  readonly hasStatus: boolean;
}

/** A program that was started. */
export interface Launched {
  /** Undefined when it could not be started. */
  readonly identity: ProcessIdentity | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What it writes to `STATUS_DESCRIPTOR`; empty where it has none. */
  readonly status: Readable;
  /** Settles when it has ended, even while others still hold its output open. */
  readonly ended: Promise<LaunchEnd>;
}

export interface LaunchEnd {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Why it could not be started. */
  readonly failure?: string;
}

export const STATUS_DESCRIPTOR = 3;
export const INPUTS_DESCRIPTOR = 4;

/** For the programs that make an environment; fixed, so that nothing of the shell's gets near it. */
export const TOOL_VARIABLES: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

/**
 * Starts a program in a process group and session of its own, so that Ctrl-C in a terminal reaches the local Lambda
 * alone, which then ends its environments in order.
 *
 * @param launch the program
 */
export function launch(launch: Launch): Launched {
  const { stdin, inputs = [] } = launch;
  const child = execa(launch.file, launch.args, {
    cwd: launch.cwd,
    env: launch.variables,
    extendEnv: false,
    detached: true,
    buffer: false,
    reject: false,
    stdio: [
      stdin === undefined ? 'ignore' : Buffer.from(stdin),
      'pipe',
      'pipe',
      ...(launch.hasStatus ? (['pipe'] as const) : []),
      ...inputs.map((input) => Buffer.from(input)),
    ],
  });
  const ended =
    child.pid === undefined
      ? child.then(({ originalMessage = 'it could not be started' }) => ({
          exitCode: undefined,
          signal: undefined,
          failure: originalMessage,
        }))
      : new Promise<LaunchEnd>((resolve) => {
          // Not execa's own result: that waits for the output's end, and a daemon may hold it open.
          child.nodeChildProcess.once('exit', (exitCode, signal) =>
            resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
          );
        });
  return {
    identity: child.pid === undefined ? undefined : identifyChild(child.pid),
    stdout: keepUntilRead(child.stdout),
    stderr: keepUntilRead(child.stderr),
    status: launch.hasStatus ? (child.stdio[STATUS_DESCRIPTOR] as Readable) : Readable.from([]),
    ended,
  };
}

/**
 * execa throws away what nobody has begun to read by the next turn of the event loop, unless the stream is paused; and
 * a paused stream does not start by itself for who listens to its data. Not a copy: what lies in the pipe already has
 * to reach the reader in the event loop's very next turn, because the answer to an event comes on another connection.
 */
function keepUntilRead(stream: Readable): Readable {
  stream.pause();
  stream.on('newListener', function start(event) {
    if (event !== 'data') return;
    stream.off('newListener', start);
    stream.resume();
  });
  return stream;
}
