import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type FunctionSettings,
  MACHINE_ARCH,
  readFunctionSettings,
} from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { makeCodeCache } from './code-cache.ts';
import { elfArch } from './elf.ts';
import { externalPackages } from './external-packages.ts';
import { matchingEntries } from './folder-entries.ts';
import { bundleFunction } from './function-bundle.ts';
import { findFunctionSource, PROGRAM } from './function-source.ts';
import { parseManifest } from './parse-manifest.ts';
import { type MadePart, makePart } from './part.ts';
import { digestOfContents } from './part-list.ts';
import { recordPart } from './parts-file.ts';
import type { ZipEntry } from './zip.ts';

/** Where a function's source map goes: a file of its own, into the zip, or nowhere. */
export const SOURCE_MAP_PLACES = ['beside', 'inside', 'none'] as const;

export interface FunctionOptions {
  /** The folder of the zips. */
  readonly out: string;
  readonly signal: AbortSignal;
  /** Instead of what `pilotlight.json` or the folder's name says. */
  readonly name?: string | undefined;
  /** The file to start from, relative to the folder. */
  readonly entry?: string | undefined;
  /** Packages that are shipped as they are installed. */
  readonly external?: readonly string[];
  /** Globs of further files. */
  readonly include?: readonly string[];
  readonly sourceMap?: (typeof SOURCE_MAP_PLACES)[number];
  /** Whether to ship the code that Node compiles, instead of what `pilotlight.json` says. */
  readonly codeCache?: boolean | undefined;
  /** Told what may matter and does not fail the build. */
  readonly note?: (line: string) => void;
  /** Told which files a bundle was made from, and in vain looked for; not where the folder is taken as it is. */
  readonly read?: ((files: readonly string[]) => void) | undefined;
}

export interface MadeFunction extends MadePart {
  readonly functionName: string;
  /** Path of the source map, when it lies beside the zip. */
  readonly sourceMap: string | undefined;
}

/**
 * Bundles a function's folder and zips it with what it needs beside the bundle.
 *
 * @param folder the function's folder
 * @param options where the zip goes and what it takes in
 * @throws {ToolError} `BUILD_FAILED` when the sources do not bundle, a file or package is not there, or a native addon or program
 * is for another architecture than the function; `USAGE` when `pilotlight.json` is not valid
 */
export async function makeFunctionZip(folder: string, options: FunctionOptions): Promise<MadeFunction> {
  const { out, signal, external = [], include = [], sourceMap = 'beside' } = options;
  signal.throwIfAborted();
  const home = resolve(folder);
  const settings = await readFunctionSettings(home, {
    name: options.name,
    codeCache: options.codeCache,
  });
  const { name, arch } = settings;
  const source = await findFunctionSource(home, options.entry);
  if (source.kind === 'program') refuseToCross(source.file, arch);
  const withMap = sourceMap !== 'none';
  const bundled = await bundleFunction(home, source, {
    out,
    external,
    sourceMap: withMap,
    note: options.note,
    read: options.read,
    signal,
  });

  const entries = new Map<string, ZipEntry>();
  const add = (entry: ZipEntry) => entries.set(entry.path, entry);
  for (const entry of await matchingEntries(home, include)) add(entry);
  for (const entry of await externalPackages(home, external, arch)) add(entry);
  // Last: whatever was included, this is the bundle.
  for (const entry of bundled.entries) add(entry);
  if (sourceMap === 'inside' && bundled.sourceMap !== undefined) {
    add({ path: 'function.bundle.js.map', content: Buffer.from(bundled.sourceMap), executable: false });
  }
  if (settings.codeCache) await addCodeCache(add, bundled.entries[0], source.kind, settings, options);
  const contents = [...entries.values()];
  refuseForeignPrograms(contents, arch);
  if (source.kind === 'entry') refuseCommonJs(entries.get('package.json'));

  const inputs = digestOfContents(contents);
  const part = await makePart(`function-${name}`, {
    out,
    signal,
    inputs,
    list: 'function.files',
    entries: () => contents,
  });
  recordSettings(out, part, settings);
  const beside = join(out, `${part.name}.bundle.js.map`);
  const isBeside = sourceMap === 'beside' && bundled.sourceMap !== undefined;
  if (isBeside) await replaceFile(beside, bundled.sourceMap);
  else await rm(beside, { force: true });
  return { ...part, functionName: name, sourceMap: isBeside ? beside : undefined };
}

async function addCodeCache(
  add: (entry: ZipEntry) => void,
  bundle: ZipEntry | undefined,
  kind: string,
  { arch, interpreter }: FunctionSettings,
  { signal, note = () => {} }: FunctionOptions,
): Promise<void> {
  const problem =
    kind !== 'entry'
      ? 'the function is no source that is bundled'
      : !/^node/.test(interpreter)
        ? `"${interpreter}" is not Node`
        : arch !== MACHINE_ARCH && `the function is for ${arch}, this machine is ${MACHINE_ARCH}`;
  const content =
    problem === false && bundle !== undefined && 'content' in bundle
      ? await makeCodeCache(bundle.content, interpreter, { signal, note })
      : undefined;
  if (content === undefined) note(`no code cache: ${problem || 'Node has kept none'}`);
  else add({ path: 'function.cache', content, executable: false });
}

/** Before the compiler has run for half a minute. */
function refuseToCross(file: string, arch: 'x86_64' | 'arm64'): void {
  if (arch === MACHINE_ARCH) return;
  throw new ToolError(
    'BUILD_FAILED',
    `Cannot compile "${file}" for ${arch} on ${MACHINE_ARCH}: the static libraries that it needs are those of this machine`,
    { next: `compile it on ${arch} to "${PROGRAM}", and build the folder that holds that file` },
  );
}

function refuseForeignPrograms(entries: readonly ZipEntry[], arch: 'x86_64' | 'arm64'): void {
  for (const entry of entries) {
    const isProgram = entry.path === PROGRAM;
    if ((!isProgram && !entry.path.endsWith('.node')) || 'linkTarget' in entry) continue;
    // A program may be a script as well.
    const builtFor = elfArch(Buffer.from(entry.content)) ?? (isProgram ? arch : 'another system');
    if (builtFor === arch) continue;
    const [what, remedy] = isProgram
      ? ['program', `build it for ${arch}`]
      : ['native addon', `install its package for ${arch}`];
    throw new ToolError(
      'BUILD_FAILED',
      `Cannot ship the ${what} "${entry.path}": it is built for ${builtFor}, the function is for ${arch}`,
      { next: `${remedy}, or set "arch" in pilotlight.json` },
    );
  }
}

function refuseCommonJs(manifest: ZipEntry | undefined): void {
  if (manifest === undefined || 'linkTarget' in manifest) return;
  const { type } = parseManifest(Buffer.from(manifest.content).toString(), manifest.path);
  if (type !== 'commonjs') return;
  throw new ToolError(
    'BUILD_FAILED',
    'Cannot include "package.json": it says "type": "commonjs", expected "module" or none beside a bundle that is an ES module',
  );
}

/** Of its variables only ours: others may be secrets, and the file is no place for them. */
function recordSettings(
  out: string,
  { name, path: _, rebuilt: __, ...part }: MadePart,
  from: FunctionSettings,
): void {
  const { handler, interpreter } = from;
  const environment = Object.fromEntries(
    Object.entries(from.environment).filter(([variable]) => variable.startsWith('PILOTLIGHT_')),
  );
  const settings = { handler, interpreter, environment };
  if (JSON.stringify(part.settings) !== JSON.stringify(settings))
    recordPart(out, name, { ...part, settings });
}

async function replaceFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}
