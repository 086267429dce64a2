import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BARE_SETTINGS,
  INVENTED_CREDENTIALS,
  lambdaVariables,
  makeLogStream,
} from '../../../runtime/emulator/lambda-variables.ts';
import { endTree } from '../../../runtime/emulator/sandbox/end-tree.ts';
import {
  identifyChild,
  nowTicks,
  type ProcessIdentity,
  signalProcess,
} from '../../../runtime/emulator/sandbox/process-table.ts';
import type { EnvironmentCommand } from '../candidates/candidate.ts';
import { now } from '../driver/now.ts';
import { placed } from './placement.ts';

/** Lambda gives one processor to a function of this size. */
const MEMORY_MIB = 1769;
const TAIL_LINES = 20;

/** How an environment is started. */
export interface EnvironmentRequest {
  readonly command: EnvironmentCommand;
  /** Beyond Lambda's and the command's own. */
  readonly variables: Readonly<Record<string, string>>;
  readonly port: number;
  readonly inFlight: number;
  readonly processor: number | undefined;
  /** Folder of this environment alone; made, and removed at its end. */
  readonly folder: string;
}

/** An environment that runs. */
export interface Environment {
  /** Of its first process, which leads a session. */
  readonly pid: number;
  readonly spawnedNs: number;
  /** Its folder for temporary files. */
  readonly tmpFolder: string;
  /** Settles when the first process has ended, with how. */
  readonly ended: Promise<string>;
  /** The last lines that its processes printed. */
  lastOutput(): Promise<string>;
  /** Asks the first process to end by itself. */
  terminate(): Promise<void>;
  /** Ends every process that it started and removes its folder. */
  end(): Promise<void>;
}

/**
 * Starts an environment as Lambda does: with Lambda's variables and none of the shell's. What it prints goes to a file,
 * because a process that reads along would take its share of the processors.
 *
 * @throws when its program cannot be started
 */
export async function startEnvironment(request: EnvironmentRequest): Promise<Environment> {
  const { command, folder } = request;
  const tmpFolder = join(folder, 't');
  await mkdir(tmpFolder, { recursive: true });
  const outputFile = join(folder, 'output');
  const variables = environmentVariables(request, tmpFolder);
  const [file, args] = placed(request.processor, command.file, command.args);
  const output = openSync(outputFile, 'a');
  const spawnedNs = now();
  const child = spawn(file, args, {
    cwd: command.folder,
    env: variables,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  if (child.pid === undefined) {
    const failure = await new Promise<Error>((resolve) => child.once('error', resolve));
    await rm(folder, { recursive: true, force: true });
    throw failure;
  }
  const root: ProcessIdentity = identifyChild(child.pid);
  let rootEndedTicks: number | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      void nowTicks().then((ticks) => {
        rootEndedTicks = ticks;
      });
      resolve(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
  return {
    pid: root.pid,
    spawnedNs,
    tmpFolder,
    ended,
    lastOutput: async () => {
      const text = await readFile(outputFile, 'utf8').catch(() => '');
      return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    },
    terminate: async () => {
      await signalProcess(root, 'SIGTERM');
    },
    end: async () => {
      await endTree({ root, rootEndedTicks: () => rootEndedTicks, variable: `TMPDIR=${tmpFolder}` });
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function environmentVariables(
  { command, variables, port, inFlight }: EnvironmentRequest,
  tmpFolder: string,
): Record<string, string> {
  const settings = { ...BARE_SETTINGS, name: 'bench', memoryMiB: MEMORY_MIB };
  return {
    ...lambdaVariables(settings, {
      region: 'us-east-1',
      credentials: INVENTED_CREDENTIALS,
      runtimeApi: `127.0.0.1:${port}`,
      logStream: makeLogStream(),
    }),
    LAMBDA_TASK_ROOT: command.folder,
    ...(inFlight > 1 ? { AWS_LAMBDA_MAX_CONCURRENCY: String(inFlight) } : {}),
    ...command.variables,
    ...variables,
    TMPDIR: tmpFolder,
  };
}
