import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeZip } from '../../../../layers/build/zip.ts';
import type { LocalLambdaOptions } from '../../../../runtime/emulator/local-lambda.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { makeFunction, useLambda } from '../use-lambda.ts';

const PROGRAM = new URL('../../../fixtures/extensions/extension.mjs', import.meta.url);
/** Outside of `/opt/extensions`, where every file would be started. */
const START = `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$0")/../extension.mjs" "$(basename "$0")"\n`;

/** A local Lambda whose function `acts` has extensions in a layer. */
export async function useExtensions(
  t: TestContext,
  names: readonly string[],
  environment: Record<string, string> = {},
  {
    handler = 'ok',
    timeoutS = 10,
    logFormat = 'Text',
    ...options
  }: Partial<LocalLambdaOptions> & { handler?: string; timeoutS?: number; logFormat?: 'Text' | 'JSON' } = {},
) {
  const folder = useTmp(t);
  const layer = join(folder, 'extensions.zip');
  await writeZip(layer, [
    ...names.map((name) => ({ path: `extensions/${name}`, content: Buffer.from(START), executable: true })),
    { path: 'extension.mjs', content: await readFile(PROGRAM), executable: false },
  ]);
  const fn = await makeFunction(folder, { environment, handler, timeoutS, logFormat });
  return useLambda(t, {}, { functions: [{ ...fn, layers: [layer] }], maxEnvironments: 1, ...options });
}

/** What extensions printed that they were told, in order. */
export function toldEvents(lines: readonly string[]): Record<string, unknown>[] {
  return lines.filter((line) => line.startsWith('told ')).map((line) => JSON.parse(line.slice(5)));
}
