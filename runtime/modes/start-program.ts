import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { passErrorOutput } from '../supervisor/error-output.ts';
import { countMemoryKills } from '../supervisor/memory-kills.ts';
import type { WorkerCommand } from '../supervisor/worker-command.ts';
import type { WorkerEnd } from '../supervisor/worker-process.ts';
import { type Channel, openChannel, type PipeSet } from './pipes.ts';

/** How long what a program wrote last may take to come through the pipe. */
const LAST_OUTPUT_MS = 100;
const RESULT_DESCRIPTOR = 3;

/** Where a program writes its result. */
export type ResultPlace = 'descriptor' | 'stdout';

/** A program that runs. */
export interface Program {
  readonly pid: number | undefined;
  /** Its standard input. */
  readonly input: Writable;
  /** What it writes as its result; ends soon after the program, whoever still holds it. */
  readonly output: Readable;
  /** Settles when it has ended, and with it all it started; never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** Ends it with everything it started: SIGKILL. */
  kill(): void;
}

/**
 * Starts a program in a process group of its own.
 *
 * @param command what to start
 * @param variables what it gets beside the command's
 * @param result where it writes its result; standard output is the log's if it is not there
 * @param pipes the pipes it gets; nobody else has them
 */
export function startProgram(
  command: WorkerCommand,
  variables: Readonly<Record<string, string>>,
  result: ResultPlace,
  pipes?: PipeSet,
): Program {
  const killsBefore = countMemoryKills();
  const channels = [
    openChannel(pipes?.input, 'writer'),
    openChannel(pipes?.errors, 'reader'),
    openChannel(pipes?.result, 'reader'),
  ] as const;
  // Its types know descriptors up to 9, it takes any.
  const [stdin, stderr, place] = channels.map(({ theirs }) => theirs as 9 | 'pipe') as [9, 9, 9];
  const isOutput = result === 'stdout';
  const logDescriptor = command.logDescriptor === undefined ? [] : [command.logDescriptor as 9];
  const subprocess = execa(command.file, command.args, {
    cwd: command.folder,
    env: { ...command.variables, ...variables },
    extendEnv: false,
    stdio: [stdin, isOutput ? place : 'inherit', stderr, isOutput ? 'ignore' : place, ...logDescriptor],
    buffer: false,
    reject: false,
    killDescendants: true,
  });
  const ends: readonly unknown[] = subprocess.stdio;
  const [input, errors, output] = [0, 2, isOutput ? 1 : RESULT_DESCRIPTOR].map((descriptor, index) => {
    const { ours, theirs } = channels[index] as Channel;
    if (theirs !== 'pipe') closeSync(theirs);
    return ours ?? ends[descriptor];
  }) as [Socket, Socket, Socket];
  const lastOutput = passErrorOutput(errors);
  // It need not read its event.
  input.on('error', () => {});
  const kill = () => void subprocess.kill('SIGKILL');

  async function untilEnded(): Promise<WorkerEnd> {
    const { pid, nodeChildProcess } = subprocess;
    const [exitCode, signal] = pid === undefined ? [null, null] : await once(nodeChildProcess, 'exit');
    const startError = pid === undefined ? ((await subprocess).cause as Error) : undefined;
    // What it started dies with it, or would write into the next invocations.
    if (pid !== undefined) kill();
    input.destroy();
    void endOutput(output);
    return {
      exitCode: exitCode ?? undefined,
      signal: signal ?? undefined,
      startError,
      lastOutput: await lastOutput(),
      lastLine: undefined,
      report: undefined,
      ranOutOfMemory: signal === 'SIGKILL' && countMemoryKills() !== killsBefore,
    };
  }
  return { pid: subprocess.pid, input, output, ended: untilEnded(), kill };
}

/** Only a process that left the program's group can still hold the pipe open; what came waits for its reader. */
async function endOutput(output: Socket): Promise<void> {
  for (let bytesBefore = -1; !output.closed; bytesBefore = output.bytesRead) {
    if (output.bytesRead === bytesBefore && output.readableLength === 0) output.destroy();
    await Promise.race([once(output, 'close'), delay(LAST_OUTPUT_MS)]);
  }
}
