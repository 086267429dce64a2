import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { chooseIsolation } from '../../../../runtime/emulator/sandbox/isolation.ts';
import type { IsolationName, Sandbox, SandboxRequest } from '../../../../runtime/emulator/sandbox/sandbox.ts';
import { startSandbox } from '../../../../runtime/emulator/sandbox/start-sandbox.ts';
import { isSet, type NeedsOptions, needs } from '../../../helpers/needs.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

/** Each rung with the options of its tests. */
export const RUNGS: readonly { readonly isolation: IsolationName; readonly options: NeedsOptions }[] = [
  { isolation: 'bwrap', options: needs('bwrap') },
  { isolation: 'userns', options: await userNamespaces() },
  { isolation: 'paths', options: {} },
];

/** Systems that refuse user namespaces skip their tests; with `CI` set they run, and fail. */
async function userNamespaces(): Promise<NeedsOptions> {
  if (isSet(process.env.CI)) return {};
  return await chooseIsolation('userns').then(
    () => ({}),
    (error: Error) => ({ skip: error.message }),
  );
}

/** An environment whose bootstrap is a script of the test. */
export interface Fixture extends SandboxRequest {
  /** In the variables of all its processes, and nowhere else on this machine. */
  readonly mark: string;
}

/**
 * Lays out an environment.
 *
 * @param t the test's context
 * @param isolation the rung
 * @param script lines of sh: the bootstrap, in the layer
 * @param variables more than those that each environment has
 */
export async function useEnvironment(
  t: TestContext,
  isolation: IsolationName,
  script: string,
  variables: Record<string, string> = {},
): Promise<Fixture> {
  const folder = useTmp(t);
  const [optFolder, taskFolder, tmpFolder] = ['opt', 'task', 'tmp'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [optFolder, taskFolder, tmpFolder]) await mkdir(path);
  const bootstrap = join(optFolder, 'bootstrap');
  await writeFile(bootstrap, `#!/bin/sh\n${script}\n`);
  await chmod(bootstrap, 0o755);
  const mark = randomUUID();
  return {
    isolation,
    optFolder,
    taskFolder,
    tmpFolder,
    variables: {
      AWS_LAMBDA_LOG_STREAM_NAME: mark,
      PATH: '/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      ...variables,
    },
    mark,
  };
}

/**
 * Starts an environment that is ended with the test at the latest.
 *
 * @param t the test's context
 * @param request the environment
 */
export async function useSandbox(t: TestContext, request: SandboxRequest): Promise<Sandbox> {
  const sandbox = await startSandbox(request);
  t.after(() => sandbox.kill());
  return sandbox;
}

/**
 * Runs a bootstrap to its end.
 *
 * @returns how it ended and all it wrote
 */
export async function run(t: TestContext, request: SandboxRequest) {
  const sandbox = await useSandbox(t, request);
  const [exit, stdout, stderr] = await Promise.all([
    sandbox.exited,
    text(sandbox.stdout),
    text(sandbox.stderr),
  ]);
  await sandbox.kill();
  return { exit, stdout, stderr };
}

/**
 * Finds processes by a word on their command line, whoever their parents are.
 *
 * @param word a word that occurs nowhere else
 * @returns process ids
 */
export async function findByWord(word: string): Promise<readonly number[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').includes(word) ? [Number(name)] : [];
    }),
  );
  return found.flat();
}
