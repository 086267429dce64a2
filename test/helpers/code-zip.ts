import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeZip, type ZipEntry } from '../../layers/build/zip.ts';

const ACTS = new URL('../fixtures/bootstraps/acts.mjs', import.meta.url);

/**
 * Makes a function zip that runs `acts.mjs` on the Node of the tests.
 *
 * @param folder for the zip
 * @param code what the action `variables` tells as `CODE`
 * @param more entries that the zip has besides, in place of these where they have their names
 * @returns path and bytes of the zip
 */
export async function makeCodeZip(
  folder: string,
  code: string,
  more: readonly ZipEntry[] = [],
): Promise<{ path: string; bytes: Buffer }> {
  const bootstrap = `#!/bin/sh\nCODE="${code}" exec "${process.execPath}" "$LAMBDA_TASK_ROOT/acts.mjs"\n`;
  const entries: ZipEntry[] = [
    { path: 'bootstrap', content: Buffer.from(bootstrap), executable: true },
    { path: 'acts.mjs', content: await readFile(ACTS), executable: false },
  ];
  const replaced = new Set(more.map((entry) => entry.path));
  const path = join(folder, `${code}.zip`);
  await writeZip(path, [...entries.filter((entry) => !replaced.has(entry.path)), ...more]);
  return { path, bytes: await readFile(path) };
}
