import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { builtFiles } from '../../runtime/cli/built-files.ts';
import { type BundleRequest, bundle } from './bundle.ts';
import { compileCrystal } from './crystal-program.ts';
import { entriesAt } from './folder-entries.ts';
import { type FunctionSource, PROGRAM } from './function-source.ts';
import type { ZipEntry } from './zip.ts';

/** A function's bundle, in memory. */
export interface FunctionBundle {
  /** The bundle, and what decides how it is loaded. */
  readonly entries: readonly ZipEntry[];
  readonly sourceMap: string | undefined;
}

/**
 * Bundles or compiles a function to one file, or reads the bundle that is already there.
 *
 * @param folder the function's folder, which the source map's paths are relative to
 * @param source what to make the bundle from
 * @param options `out` the folder of the zips; `external` packages stay imports; `sourceMap` whether to make one; `note`
 * takes what is worth knowing
 * @throws {ToolError} `BUILD_FAILED` with file, line and column, `CANNOT` when there is no compiler
 */
export async function bundleFunction(
  folder: string,
  source: FunctionSource,
  options: {
    out: string;
    external: readonly string[];
    sourceMap: boolean;
    note: BundleRequest['note'];
    read?: BundleRequest['read'];
    signal: AbortSignal;
  },
): Promise<FunctionBundle> {
  if (source.kind === 'folder') return await readFolder(folder, options.out);
  if (source.kind === 'bundle') return await readBundle(folder, source.file, options.sourceMap);
  if (source.kind === 'program') {
    options.note?.(`compiling "${source.file}" with Crystal, optimised: it takes half a minute`);
    const content = await compileCrystal(folder, source.file, { release: true, signal: options.signal });
    return { entries: [{ path: PROGRAM, content, executable: true }], sourceMap: undefined };
  }
  const [chunk] = await bundle({
    entry: join(folder, source.file),
    folder,
    external: options.external,
    note: options.note,
    read: options.read,
    output: {
      entryFileNames: 'function.bundle.js',
      codeSplitting: false,
      // Hidden: whoever needs the map looks for it by name, and a comment would name a file that is mostly not there.
      sourcemap: options.sourceMap && 'hidden',
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  });
  const content = Buffer.from(chunk.code);
  const sourceMap = chunk.map === null ? undefined : `${JSON.stringify(chunk.map)}\n`;
  return { entries: [{ path: 'function.bundle.js', content, executable: false }], sourceMap };
}

/** All of it but what is there for people and tools, and what was built. */
async function readFolder(folder: string, out: string): Promise<FunctionBundle> {
  // A link would be shipped as a link.
  const root = await realpath(folder);
  const built = builtFiles(root, out);
  const isOurs = (path: string) =>
    path === 'pilotlight.json' ||
    path === 'events' ||
    (path.startsWith('.') && path !== '.') ||
    built.has(path);
  return { entries: await entriesAt(root, '.', isOurs), sourceMap: undefined };
}

async function readBundle(folder: string, file: string, withMap: boolean): Promise<FunctionBundle> {
  // A package.json says whether a `.js` bundle is CommonJS.
  const found = await Promise.all([file, 'package.json'].map((path) => readIfThere(join(folder, path))));
  const entries = [file, 'package.json'].flatMap((path, index) => {
    const content = found[index];
    return content === undefined ? [] : [{ path, content, executable: path === PROGRAM }];
  });
  const map = withMap ? await readIfThere(join(folder, `${file}.map`)) : undefined;
  return { entries, sourceMap: map?.toString() };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
