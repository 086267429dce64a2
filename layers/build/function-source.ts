import { access, glob } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** A bundle that is a program and needs no interpreter. */
export const PROGRAM = 'function.bundle';
const ENTRIES = ['function', 'index', 'src/function', 'src/index'];
const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cr'];
const READY_BUNDLES = ['function.bundle.js', 'function.bundle.mjs', 'function.bundle.cjs', PROGRAM];
/** Of languages that load their files at run time, as those do that users add, with bundles of their own endings. */
const FOLDER_ENTRIES = [
  'function.bundle.ts',
  'function.bundle.mts',
  'function.bundle.php',
  'function.php',
  'index.php',
  'public/index.php',
  'function.bundle.sh',
  'function.sh',
];

/**
 * What a function's folder holds: sources to bundle from an entry on, or to compile to a program, a bundle that is taken
 * as it is, or files that are all needed as they are.
 */
export interface FunctionSource {
  readonly kind: 'entry' | 'program' | 'bundle' | 'folder';
  /** Path of the file, relative to the folder. */
  readonly file: string;
}

/**
 * Finds what a function is made from.
 *
 * @param folder the function's folder
 * @param entry the entry, when it was named
 * @throws {ToolError} `BUILD_FAILED` when there is none, with what was looked for
 */
export async function findFunctionSource(folder: string, entry?: string): Promise<FunctionSource> {
  if (entry !== undefined) {
    if (await exists(join(folder, entry))) return entrySource(entry);
    throw new ToolError('BUILD_FAILED', `Cannot find the entry "${entry}" in "${folder}"`);
  }
  for (const file of ENTRIES.flatMap((base) => EXTENSIONS.map((extension) => `${base}.${extension}`))) {
    if (await exists(join(folder, file))) return entrySource(file);
  }
  for (const file of READY_BUNDLES) {
    if (await exists(join(folder, file))) return { kind: 'bundle', file };
  }
  for (const file of FOLDER_ENTRIES) {
    if (await exists(join(folder, file))) return { kind: 'folder', file };
  }
  for await (const file of glob('function.bundle.*', { cwd: folder })) {
    if (!file.endsWith('.map')) return { kind: 'folder', file };
  }
  const [names, extensions] = [ENTRIES.join(', '), EXTENSIONS.map((extension) => `.${extension}`).join(' ')];
  throw new ToolError(
    'BUILD_FAILED',
    `Cannot find an entry in "${folder}": looked for ${names} as ${extensions}, and for ${READY_BUNDLES[0]}, ${PROGRAM}, ${FOLDER_ENTRIES.join(', ')}`,
    { next: 'name the file with --entry' },
  );
}

function entrySource(file: string): FunctionSource {
  return { kind: file.endsWith('.cr') ? 'program' : 'entry', file };
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
