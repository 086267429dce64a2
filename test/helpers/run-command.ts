import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Cleaner } from './use-tmp.ts';

/** How a command ended and what it printed. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, as the leader of a process group, the way a terminal starts one. */
export interface RunningCommand {
  readonly result: Promise<CommandResult>;
  /** Resolves with its first output on standard output. */
  readonly firstOutput: Promise<string>;
  /** Resolves when standard error has shown a text. */
  stderrHas(text: string): Promise<void>;
  /** What Ctrl-C does: SIGINT to the whole group. */
  interrupt(): void;
  /** A signal to the command alone, as a supervisor sends it. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a command; its process group ends with the test.
 *
 * @param t the test's context
 * @param command program and arguments
 * @param options working folder and variables
 */
export function startCommand(
  t: Cleaner,
  [file, ...args]: readonly [string, ...string[]],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): RunningCommand {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid as number), name);
    } catch {
      // The group is gone.
    }
  };
  t.after(() => signal('SIGKILL'));
  const firstOutput = once(child.stdout, 'data').then(([chunk]) => String(chunk));
  let stderr = '';
  const stderrHas = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => stderr.includes(wanted) && resolve();
      child.stderr.on('data', look);
      look();
    });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const result = Promise.all([once(child, 'close'), text(child.stdout)]).then(
    ([[code, signalName], stdout]) => ({ code, signal: signalName, stdout, stderr }) as CommandResult,
  );
  return {
    result,
    firstOutput,
    stderrHas,
    interrupt: () => signal('SIGINT'),
    kill: (name) => child.kill(name),
  };
}
