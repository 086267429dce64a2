import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { writeZip } from '../../../layers/build/zip.ts';
import type { FunctionSettings } from '../../../runtime/cli/function-settings.ts';
import { BARE_SETTINGS } from '../../../runtime/emulator/lambda-variables.ts';
import type { LocalFunction } from '../../../runtime/emulator/local-function.ts';
import {
  type LocalLambda,
  type LocalLambdaOptions,
  startLocalLambda,
} from '../../../runtime/emulator/local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

const ACTS = new URL('../../fixtures/bootstraps/acts.mjs', import.meta.url);
/**
 * The environment has no interpreter of its own, and the machine's Node may be anywhere. Its path stands in the script
 * because variables that name `/tmp` are rewritten where environments are kept apart by paths.
 */
const BOOTSTRAP = `#!/bin/sh\nexec "${process.execPath}" "$LAMBDA_TASK_ROOT/acts.mjs"\n`;

/** A function that runs `acts.mjs`, with settings of its own where wanted. */
export async function makeFunction(
  folder: string,
  settings: Partial<FunctionSettings> = {},
): Promise<LocalFunction> {
  const name = settings.name ?? 'acts';
  const code = join(folder, `${name}.zip`);
  await writeZip(code, [
    { path: 'bootstrap', content: Buffer.from(BOOTSTRAP), executable: true },
    { path: 'acts.mjs', content: await readFile(ACTS), executable: false },
  ]);
  return {
    settings: { ...BARE_SETTINGS, name, handler: 'ok', memoryMiB: 128, timeoutS: 10, ...settings },
    layers: [],
    code,
  };
}

/** A local Lambda with one function named `acts`; its log lines are collected. */
export async function useLambda(
  t: TestContext,
  settings: Partial<FunctionSettings> = {},
  options: Partial<LocalLambdaOptions> = {},
): Promise<{ lambda: LocalLambda; lines: string[] }> {
  const lines: string[] = [];
  const lambda = await startLocalLambda({
    functions: [await makeFunction(useTmp(t), settings)],
    isolation: 'paths',
    log: (line) => lines.push(line),
    ...options,
  });
  t.after(() => lambda.stop());
  return { lambda, lines };
}

/** A local Lambda for all tests of a `describe`, with one function named `acts`. */
export function useSharedLambda(
  options: Partial<LocalLambdaOptions> = {},
  settings: Partial<FunctionSettings> = {},
) {
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const folder = useTmp({ after });
  let started: LocalLambda | undefined;
  before(async () => {
    started = await startLocalLambda({
      functions: [await makeFunction(folder, settings)],
      isolation: 'paths',
      log: (line) => {
        lines.push(line);
        for (const look of waiting) look(line);
      },
      ...options,
    });
  });
  after(() => started?.stop());
  return {
    lines,
    get lambda(): LocalLambda {
      if (started === undefined) throw new Error('The local Lambda starts before the tests, not before that');
      return started;
    },
    /** Waits for the first line that fits, written already or not yet. */
    line: (fits: (line: string) => boolean) =>
      new Promise<string>((resolve) => {
        const look = (line: string) => {
          if (!fits(line)) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        for (const line of lines) look(line);
      }),
  };
}

/** Invokes `acts` and reads its answer as JSON. */
export async function act(lambda: LocalLambda, action: string, rest: object = {}) {
  const result = await lambda.invoke('acts', JSON.stringify({ do: action, ...rest }));
  const value: unknown = JSON.parse(Buffer.from(result.payload).toString('utf8'));
  return { ...result, value };
}
