import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { fetchDebianFile } from './debian-package.ts';
import { denoCacheEntries } from './deno-cache.ts';
import { cutElf, elfArch } from './elf.ts';
import { neededGlibc } from './glibc.ts';
import { installFolder } from './install-folder.ts';
import { installInterpreter } from './interpreter-install.ts';
import {
  type Arch,
  type InterpreterSource,
  interpreterFolder,
  interpreterVersion,
  type PinnedPackage,
  readInterpreterSource,
  readPinnedPackage,
} from './interpreter-source.ts';
import { type MadePart, makePart } from './part.ts';
import type { ZipEntry } from './zip.ts';

/**
 * Makes the layer of one interpreter for one architecture.
 *
 * @param name the interpreter's name
 * @param arch for which machines
 * @param options `out` the folder of the zips, `installFolder` where the packages are put, and `note` for progress
 * @throws {ToolError} `USAGE` for an unknown name, `CANNOT` when the package cannot be had or is not what its source says
 */
export async function makeInterpreterLayer(
  name: string,
  arch: Arch,
  options: { out: string; signal: AbortSignal; note: (line: string) => void; installFolder?: string },
): Promise<MadePart> {
  const source = await readInterpreterSource(name);
  const pinned = await readPinnedPackage(source, arch);
  // Who makes it has to run the interpreter.
  const { codeCache } = arch === MACHINE_ARCH ? source : {};
  return await makePart(`interpreter-${name}-${arch}`, {
    out: options.out,
    inputs: [source, pinned, ...(codeCache === undefined ? [] : ['code cache'])],
    list: `interpreters/${name}.files`,
    signal: options.signal,
    level: source.zipLevel,
    entries: async () => {
      const folder = options.installFolder ?? installFolder(name);
      const home = await installInterpreter(pinned, { folder, signal: options.signal, note: options.note });
      const libraries = await Promise.all(
        source.libraries.map(async ({ name: library, debian }) => ({
          path: `lib/${library}`,
          content: await readFile(await fetchDebianFile(debian[arch], { ...options, folder })),
          executable: false,
        })),
      );
      const binary = join(home, source.packageBinary);
      const cache = codeCache === undefined ? [] : await denoCacheEntries(binary, codeCache, options.signal);
      options.note(`packing ${name} ${interpreterVersion(source, pinned)} for ${arch}`);
      return [...(await interpreterEntries(source, pinned, arch, home)), ...libraries, ...cache];
    },
  });
}

async function interpreterEntries(
  source: InterpreterSource,
  pinned: PinnedPackage,
  arch: Arch,
  home: string,
): Promise<ZipEntry[]> {
  const from = join(home, source.packageBinary);
  const original = await readFile(from);
  const [builtFor, glibc] = [elfArch(original), neededGlibc(original, from) ?? 'none'];
  if (builtFor !== arch || glibc !== source.glibc) {
    const found = `built for ${builtFor} and glibc ${glibc}`;
    throw new ToolError('CANNOT', `Cannot use "${from}": ${found}, expected ${arch} and ${source.glibc}`);
  }
  const binary = cutElf(original, from);
  const manifest = manifestOf(source, pinned, arch, createHash('sha256').update(binary).digest('hex'));
  const beside = {
    json: `${JSON.stringify(manifest, undefined, 2)}\n`,
    start: startLines(source, pinned),
    LICENSE: await readLicenses(source, home),
  };
  return [
    { path: source.binary, content: binary, executable: true },
    ...Object.entries(beside).map(([ending, content]) => ({
      path: `interpreters/${source.name}.${ending}`,
      content: Buffer.from(content),
      executable: false,
    })),
  ];
}

/** One text: where there are several files, each below its name. */
async function readLicenses(
  { name, packageLicense, libraries }: InterpreterSource,
  home: string,
): Promise<string> {
  const own = interpreterFolder(name);
  const files = [...packageLicense, ...libraries.map(({ license }) => license)];
  const texts = await Promise.all(
    files.map((file) => readFile(join(existsSync(join(own, file)) ? own : home, file), 'utf8')),
  );
  const [only = ''] = texts;
  if (texts.length === 1) return only;
  return texts.map((text, index) => `${basename(files[index] ?? '')}\n\n${text.trim()}\n`).join('\n\n');
}

function manifestOf(source: InterpreterSource, pinned: PinnedPackage, arch: Arch, sha256: string): object {
  return {
    name: source.name,
    version: interpreterVersion(source, pinned),
    arch,
    binary: source.binary,
    sha256,
    glibc: source.glibc,
    libraries: source.libraries.map((library) => library.name),
    source: `${pinned.registry}:${pinned.name}@${pinned.version}`,
    integrity: pinned.integrity,
    license: source.license,
    bundles: source.bundles,
    bootstrap: source.bootstrap,
    worker: source.worker,
    variables: variablesOf(source, pinned),
    inspect: source.inspect,
    permissions: source.permissions,
    host: source.host,
  };
}

function variablesOf(source: InterpreterSource, pinned: PinnedPackage): Record<string, string> {
  const major = String(Number.parseInt(interpreterVersion(source, pinned), 10));
  return Object.fromEntries(
    Object.entries(source.variables).map(([name, value]) => [name, value.replace('{major}', major)]),
  );
}

/**
 * The two commands for sh, which reads no JSON: one argument a line, an empty line between them. Before the worker's
 * stand its variables.
 */
function startLines(source: InterpreterSource, pinned: PinnedPackage): string {
  const variables = Object.entries(variablesOf(source, pinned)).map(([name, value]) => `${name}=${value}`);
  const host = `{layers}/pilotlight/${source.host}`;
  const worker = source.worker.map((argument) => argument.replace('{host}', host));
  return [...source.bootstrap, '', ...variables, ...worker, ''].join('\n');
}
