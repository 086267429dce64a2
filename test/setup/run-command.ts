import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** How much of a failed command's output is shown; the whole of it is in the log file. */
const SHOWN_LINES = 15;

/** What every command of the setup is run with. */
export interface CommandOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Ends the command and all that it started. Left out where stopping half-way does harm. */
  readonly signal?: AbortSignal;
  /** File that receives the output when the command fails. */
  readonly logFile: string;
  /** What the reader can do about a failure. */
  readonly next: string;
  readonly cwd?: string;
}

/**
 * Runs a command silently, in a process group of its own.
 *
 * @param command program and arguments
 * @param options see there
 * @returns what it printed on standard output, without the last line's end
 * @throws {ToolError} `CANNOT` when it fails, with the end of its output
 * @throws the signal's reason when it was aborted
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<string> {
  const { environment, signal, logFile, next, cwd = process.cwd() } = options;
  signal?.throwIfAborted();
  const [file, ...args] = command;
  // Its own group: a build is make, sh and compilers, and Ctrl-C must reach all of them or, for apt-get, none.
  const child = execa(file, args, {
    cwd,
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    detached: true,
    reject: false,
  });
  const stop = () => {
    if (child.pid !== undefined) endGroup(child.pid);
  };
  signal?.addEventListener('abort', stop, { once: true });
  const result = await child;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (!result.failed) return result.stdout;

  const output = result.all ?? '';
  await mkdir(dirname(logFile), { recursive: true });
  await writeFile(logFile, output);
  const tail = output.trimEnd().split('\n').slice(-SHOWN_LINES);
  const what = result.exitCode === undefined ? result.shortMessage : `exited with code ${result.exitCode}`;
  const message = `Cannot run "${[basename(file), ...args].join(' ')}": ${what}`;
  throw new ToolError('CANNOT', [message, ...tail, `all of its output: ${logFile}`].join('\n  '), { next });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
