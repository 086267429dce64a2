import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import {
  BARE_SETTINGS,
  INVENTED_CREDENTIALS,
  lambdaVariables,
  makeLogStream,
} from '../../runtime/emulator/lambda-variables.ts';
import { endTree } from '../../runtime/emulator/sandbox/end-tree.ts';
import { identifyChild, nowTicks, signalProcess } from '../../runtime/emulator/sandbox/process-table.ts';
import { readProcesses } from '../../runtime/process-stat.ts';
import { type LogFrame, readLogFrames } from './log-frames.ts';
import type { Watch } from './watch.ts';

/** Behind the standard ones. */
const LOG_DESCRIPTOR = 3;

/** What is started. */
export interface BootstrapCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Beyond Lambda's. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface BootstrapRequest {
  readonly command: BootstrapCommand;
  /** Function's folder, where it starts. */
  readonly taskFolder: string;
  /** Existing folder for its temporary files, its alone. */
  readonly tmpFolder: string;
  readonly port: number;
  readonly handler: string;
  /** Of the case; they win. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it gets a descriptor for log lines. */
  readonly hasLogDescriptor: boolean | undefined;
  readonly watch: Watch;
}

/** A bootstrap that runs; its disposal ends every process that it started. */
export interface BootstrapProcess extends AsyncDisposable {
  /** How its first process ended, once it has. */
  readonly ended: string | undefined;
  /** Sends a signal to its first process, as Lambda does. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** What it printed so far. */
  output(): Promise<string>;
  /** What it wrote to the descriptor for log lines so far. */
  logFrames(): Promise<readonly LogFrame[]>;
  /** Processes of its session that live. */
  living(): Promise<number>;
}

/**
 * Starts a bootstrap as Lambda does: with Lambda's variables and none of the shell's.
 *
 * @throws {ToolError} `CANNOT` when its program cannot be started
 */
export async function startBootstrap(request: BootstrapRequest): Promise<BootstrapProcess> {
  const { command, taskFolder, tmpFolder, watch } = request;
  const outputFile = join(tmpFolder, '..', 'output');
  const output = openSync(outputFile, 'a');
  const framesFile = join(tmpFolder, '..', 'frames');
  const frames = request.hasLogDescriptor === true ? [openSync(framesFile, 'a')] : [];
  const start = () =>
    spawn(command.file, command.args, {
      cwd: taskFolder,
      env: variablesOf(request),
      detached: true,
      stdio: ['ignore', output, output, ...frames],
    });
  const { child, pid } = await started(command.file, start).finally(() => {
    for (const descriptor of [output, ...frames]) closeSync(descriptor);
  });
  const root = identifyChild(pid);
  let ended: string | undefined;
  let endedTicks: number | undefined;
  const exited = once(child, 'exit').then(async ([code, signal]) => {
    ended = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    watch.changed();
    endedTicks = await nowTicks();
  });
  return {
    get ended() {
      return ended;
    },
    signal: async (name) => {
      await signalProcess(root, name);
    },
    output: () => readFile(outputFile, 'utf8').catch(() => ''),
    logFrames: async () => readLogFrames(await readFile(framesFile)),
    living: async () => readProcesses().filter(({ session }) => session === root.pid).length,
    async [Symbol.asyncDispose]() {
      await endTree({ root, rootEndedTicks: () => endedTicks, variable: `TMPDIR=${tmpFolder}` });
      await exited;
    },
  };
}

/** Node throws some of the reasons, and tells of the others by an event. */
async function started(
  file: string,
  start: () => ChildProcess,
): Promise<{ child: ChildProcess; pid: number }> {
  try {
    const child = start();
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    return { child, pid: child.pid };
  } catch (cause) {
    throw new ToolError('CANNOT', `Cannot start "${file}": ${(cause as NodeJS.ErrnoException).code}`, {
      next: 'name a program that is there, may be executed and begins with #! if it is a script',
      cause,
    });
  }
}

function variablesOf(request: BootstrapRequest): Record<string, string> {
  const settings = { ...BARE_SETTINGS, name: 'conformance', handler: request.handler };
  return {
    ...lambdaVariables(settings, {
      region: 'us-east-1',
      credentials: INVENTED_CREDENTIALS,
      runtimeApi: `127.0.0.1:${request.port}`,
      logStream: makeLogStream(),
    }),
    LAMBDA_TASK_ROOT: request.taskFolder,
    ...(request.hasLogDescriptor === true ? { _LAMBDA_TELEMETRY_LOG_FD: String(LOG_DESCRIPTOR) } : {}),
    ...request.command.variables,
    ...request.variables,
    TMPDIR: request.tmpFolder,
  };
}
