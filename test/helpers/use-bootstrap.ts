import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BootstrapInterpreter, linkInterpreter } from './bootstrap-on.ts';
import { copyRuntime } from './built-layers.ts';
import { pinnedNode } from './clients.ts';
import { type ScriptedLambdaApi, useScriptedLambdaApi } from './scripted-lambda-api.ts';
import { type Cleaner, useTmp } from './use-tmp.ts';
import { writeFiles } from './write-files.ts';

/** The bootstrap itself, started as Lambda would, before a scripted Runtime API. */
export interface TestBootstrap {
  readonly api: ScriptedLambdaApi;
  readonly child: ChildProcess;
  readonly folder: string;
  /** All that it and its worker wrote to standard output, once that was closed. */
  readonly stdout: Promise<string>;
  /** All it wrote to standard error so far. */
  stderr(): string;
  /** Settles with its exit code, or the name of the signal. */
  readonly exited: Promise<number | NodeJS.Signals>;
}

/** What it is started with. */
export interface BootstrapRequest {
  readonly files: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Files over the layers, for example another start command. */
  readonly opt?: Readonly<Record<string, string>>;
  /** What it runs on instead of Node, which hosts the function all the same. */
  readonly on?: BootstrapInterpreter | undefined;
  /** The Runtime API's address as the bootstrap gets it, made from `host:port`. */
  readonly authority?: (authority: string) => string;
  /** Told of the Runtime API before the bootstrap starts. */
  readonly prepareApi?: (api: ScriptedLambdaApi) => void;
  /** The address on which the Runtime API listens. */
  readonly host?: string;
  /** Name of the folder that everything lies in. */
  readonly folderName?: string;
  /** What it gets from descriptor 3 on. */
  readonly descriptors?: readonly ('ignore' | number)[];
  /** What is run instead of the bootstrap itself, which it gets with the folder that everything lies in. */
  readonly command?: (bootstrap: string, folder: string) => readonly [string, ...string[]];
}

/**
 * Starts the built bootstrap in folders of its own; it ends with the test.
 *
 * @param t the test's context
 * @param request the function and the variables
 */
export async function useBootstrap(t: Cleaner, request: BootstrapRequest): Promise<TestBootstrap> {
  const folder = join(useTmp(t), request.folderName ?? 'environment');
  const [opt, task, tmp] = ['opt', 'task', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [opt, task, tmp]) mkdirSync(path, { recursive: true });
  await copyRuntime(opt);
  // The interpreter of 108 MB is linked, not unpacked; what belongs to it is small.
  writeFiles(opt, INTERPRETER_FILES);
  mkdirSync(join(opt, 'bin'));
  symlinkSync(pinnedNode(), join(opt, 'bin/node'));
  if (request.on !== undefined) {
    const start = `${await linkInterpreter(request.on, opt)}\n\n${WORKER_COMMAND}`;
    writeFiles(opt, { 'interpreters/node.start': start });
  }
  writeFiles(opt, request.opt ?? {});
  writeFiles(task, request.files);

  const api = await useScriptedLambdaApi(t, request.host);
  request.prepareApi?.(api);
  const bootstrap = join(opt, 'bootstrap');
  const [file, ...args] = request.command?.(bootstrap, folder) ?? [bootstrap];
  const child = spawn(file, args, {
    cwd: task,
    env: {
      PATH: '/usr/bin:/bin',
      AWS_LAMBDA_RUNTIME_API: request.authority?.(api.authority) ?? api.authority,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      LAMBDA_TASK_ROOT: task,
      TMPDIR: tmp,
      _HANDLER: 'function.handler',
      // Files over the layers are not those that the layers were built with.
      ...(request.opt && { PILOTLIGHT_VERIFY: 'off' }),
      ...request.variables,
    },
    stdio: ['ignore', 'pipe', 'pipe', ...(request.descriptors ?? [])],
  });
  const output: Buffer[] = [];
  const stdout = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stdout?.once('close', () => resolve(String(Buffer.concat(output))));
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { api, child, folder, stdout, stderr: () => stderr, exited };
}

const NODE_SOURCE = join(import.meta.dirname, '../../layers/interpreters/node/interpreter.json');
const { inspect, permissions } = JSON.parse(readFileSync(NODE_SOURCE, 'utf8'));
/** As the interpreter layer has it, but for digests and sizes. */
export const NODE_MANIFEST = {
  name: 'node',
  version: process.versions.node,
  binary: 'bin/node',
  bundles: ['js', 'mjs', 'cjs'],
  worker: [
    '{binary}',
    '--inspect-port=127.0.0.1:0',
    '--inspect-publish-uid=http',
    '--max-old-space-size={heapMiB}',
    '--max-semi-space-size={semiSpaceMiB}',
    '{host}',
  ],
  inspect,
  permissions,
  host: 'hosts/node.mjs',
};
const WORKER_COMMAND =
  '{binary}\n--inspect-port=127.0.0.1:0\n--inspect-publish-uid=http\n--max-old-space-size={heapMiB}\n--max-semi-space-size={semiSpaceMiB}\n{layers}/pilotlight/hosts/node.mjs\n';
const INTERPRETER_FILES = { 'interpreters/node.json': NODE_MANIFEST, ...startOnNode() };

/**
 * The start command of an interpreter layer for Node, as a file of `opt`.
 *
 * @param options of Node for the bootstrap, beyond those it always has
 */
export function startOnNode(...options: readonly string[]) {
  const command = ['{binary}', '--disable-sigusr1', '--max-semi-space-size=2', ...options, '{bootstrap}'];
  return { 'interpreters/node.start': `${command.join('\n')}\n\n${WORKER_COMMAND}` };
}
