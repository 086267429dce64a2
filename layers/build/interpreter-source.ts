import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** Lambda's architectures, in its own words. */
export const ARCHES = ['x86_64', 'arm64'] as const;
export type Arch = (typeof ARCHES)[number];

const INTERPRETERS_FOLDER = join(import.meta.dirname, '../interpreters');
const SOURCE_FILE = 'interpreter.json';

/** A file of one of Debian's packages; those of its cross compilers can be had on every machine, whatever its architecture. */
const DEBIAN_FILE = z.strictObject({
  package: z.string(),
  version: z.string(),
  /** Of the package. */
  sha256: z.string(),
  file: z.string(),
});

const SOURCE = z.strictObject({
  name: z.string(),
  registry: z.enum(['npm', 'pypi']).default('npm'),
  /** The registry's package for each architecture; the version is the lock's. */
  packages: z.record(z.enum(ARCHES), z.string()),
  /** The interpreter's own, where the package counts otherwise. */
  version: z.string().optional(),
  packageBinary: z.string(),
  /** The package's own files; one named so beside the source stands in for it where the package has none. */
  packageLicense: z.union([z.string().transform((file) => [file]), z.array(z.string())]),
  /** Of compression, 0 to 9, where the usual one makes the zip too large to be uploaded directly. */
  zipLevel: z.int().optional(),
  /** About what the layer takes unpacked, in megabytes, to be told before it was built. */
  unpackedMb: z.record(z.enum(ARCHES), z.number()).optional(),
  binary: z.string(),
  /** What the binary needs at least; `none` for one that is linked statically. */
  glibc: z.string(),
  /** What the binary needs and Lambda has not: goes into the layer's `lib/`, where Lambda has programs look. */
  libraries: z.array(
    z.strictObject({ name: z.string(), license: z.string(), debian: z.record(z.enum(ARCHES), DEBIAN_FILE) }),
  ),
  license: z.string(),
  bundles: z.array(z.string()),
  /** Empty for an interpreter that cannot run the bootstrap: it needs another one's layer beside its own. */
  bootstrap: z.array(z.string()),
  worker: z.array(z.string()),
  /** What its workers have in their environment; `{major}` stands for the first number of the version. */
  variables: z.record(z.string(), z.string()),
  /** How workers are debugged; `{port}` stands for a port of loopback. */
  inspect: z.array(z.string()).optional(),
  /** How workers are restricted by `PILOTLIGHT_PERMISSIONS`; without it they cannot be. */
  permissions: z
    .strictObject({
      on: z.array(z.string()),
      all: z.record(z.string(), z.string()),
      some: z.record(z.string(), z.string()),
      unrestricted: z.array(z.string()),
    })
    .optional(),
  host: z.string(),
  /** Folder in the layer for code of Deno's own that is compiled when the layer is made. */
  codeCache: z.string().optional(),
});

const PIN = z.object({ version: z.string().optional(), integrity: z.string().optional() });
type Pin = z.infer<typeof PIN>;
const LOCK = z.object({ packages: z.record(z.string(), PIN) });

/** What `interpreters/<name>/interpreter.json` says: the manifest without what only the build knows. */
export type InterpreterSource = z.infer<typeof SOURCE>;

/** A file of one of Debian's packages. */
export type DebianFile = z.infer<typeof DEBIAN_FILE>;

/** A package as the lock pins it. */
export interface PinnedPackage {
  /** The interpreter whose lock it is. */
  readonly interpreter: string;
  readonly registry: InterpreterSource['registry'];
  readonly arch: Arch;
  readonly name: string;
  /** Of the package, see {@link interpreterVersion}. */
  readonly version: string;
  /** Subresource integrity of the package's file, which npm or pip checks. */
  readonly integrity: string;
}

/**
 * The folder of an interpreter: its source, and the lock that pins its packages.
 *
 * @param name the interpreter's name
 */
export function interpreterFolder(name: string): string {
  return join(INTERPRETERS_FOLDER, name);
}

/** The names of all interpreters that there is a source for, sorted. */
export async function interpreterNames(): Promise<string[]> {
  const names = await readdir(INTERPRETERS_FOLDER);
  return names.filter((name) => existsSync(join(INTERPRETERS_FOLDER, name, SOURCE_FILE))).toSorted();
}

/**
 * Reads the source of an interpreter layer.
 *
 * @param name the interpreter's name
 * @throws {ToolError} `USAGE` for an unknown name, with those that exist
 */
export async function readInterpreterSource(name: string): Promise<InterpreterSource> {
  const known = await interpreterNames();
  if (!known.includes(name)) {
    throw new ToolError('USAGE', `Cannot find interpreter "${name}": expected one of ${known.join(', ')}`);
  }
  return SOURCE.parse(await readJson(join(interpreterFolder(name), SOURCE_FILE)));
}

/**
 * Reads how the lock of an interpreter pins its package: npm's lock, or for a package of PyPI a file of requirements for
 * each architecture.
 *
 * @param source the interpreter
 * @param arch for which machines
 * @throws {ToolError} `CANNOT` when the lock does not pin it
 */
export async function readPinnedPackage(source: InterpreterSource, arch: Arch): Promise<PinnedPackage> {
  const { name: interpreter, registry } = source;
  const name = source.packages[arch];
  const { version, integrity } = await (registry === 'npm'
    ? readNpmPin(interpreter, name)
    : readPypiPin(interpreter, name, arch));
  if (version === undefined || integrity === undefined) {
    throw new ToolError(
      'CANNOT',
      `Cannot find "${name}" with version and integrity in the lock of interpreter "${interpreter}"`,
    );
  }
  return { interpreter, registry, arch, name, version, integrity };
}

/**
 * The version of the interpreter itself.
 *
 * @param source the interpreter
 * @param pinned its package
 */
export function interpreterVersion(source: InterpreterSource, pinned: PinnedPackage): string {
  return source.version ?? pinned.version;
}

async function readNpmPin(interpreter: string, name: string): Promise<Pin> {
  const lock = LOCK.parse(await readJson(join(interpreterFolder(interpreter), 'package-lock.json')));
  return lock.packages[`node_modules/${name}`] ?? {};
}

async function readPypiPin(interpreter: string, name: string, arch: Arch): Promise<Pin> {
  const text = await readFile(requirementsFile(interpreter, arch), 'utf8');
  const [, pinned, version, sha256] = /^(\S+)==(\S+) --hash=sha256:([0-9a-f]{64})$/m.exec(text) ?? [];
  if (pinned !== name || sha256 === undefined) return {};
  return { version, integrity: `sha256-${Buffer.from(sha256, 'hex').toString('base64')}` };
}

/**
 * The file that pins an interpreter's package of PyPI.
 *
 * @param interpreter the interpreter's name
 * @param arch for which machines
 */
export function requirementsFile(interpreter: string, arch: Arch): string {
  return join(interpreterFolder(interpreter), `requirements-${arch}.txt`);
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
