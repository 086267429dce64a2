import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeZip } from '../../layers/build/zip.ts';

export const FUNCTION_NAME = 'swapped';

/** How long each invocation takes, so that every swap meets some that run. */
const WORK_MS = 5;

/**
 * The function: it answers with its version.
 *
 * @param version of this code
 */
export function sourceOf(version: string): string {
  return `export const handler = () => new Promise((answer) => setTimeout(() => answer(${JSON.stringify(version)}), ${WORK_MS}));\n`;
}

/**
 * Saves the function's source as editors do.
 *
 * @param folder of the function
 * @param source its text
 * @param how `rename` writes another file and puts it in place
 */
export async function save(folder: string, source: string, how: 'write' | 'rename'): Promise<void> {
  const file = join(folder, 'function.ts');
  if (how === 'write') return await writeFile(file, source);
  await writeFile(`${file}.tmp`, source);
  await rename(`${file}.tmp`, file);
}

/**
 * Makes a function zip.
 *
 * @param path of the zip
 * @param source of its bundle
 */
export async function makeZip(path: string, source: string): Promise<string> {
  const content = Buffer.from(source);
  await writeZip(path, [{ path: 'function.bundle.js', content, executable: false }]);
  return path;
}
