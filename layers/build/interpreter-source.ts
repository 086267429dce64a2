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

const SOURCE = z.strictObject({
  name: z.string(),
  /** The npm package for each architecture; the version is the lock's. */
  packages: z.record(z.enum(ARCHES), z.string()),
  packageBinary: z.string(),
  /** The package's own file; one named so beside the source stands in for it where the package has none. */
  packageLicense: z.string(),
  binary: z.string(),
  glibc: z.string(),
  libraries: z.array(z.string()),
  license: z.string(),
  bundles: z.array(z.string()),
  bootstrap: z.array(z.string()),
  worker: z.array(z.string()),
  /** What its workers have in their environment; `{major}` stands for the first number of the version. */
  variables: z.record(z.string(), z.string()),
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
});

const LOCK = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** What `interpreters/<name>/interpreter.json` says: the manifest without what only the build knows. */
export type InterpreterSource = z.infer<typeof SOURCE>;

/** A package as the lock pins it. */
export interface PinnedPackage {
  /** The interpreter whose lock it is. */
  readonly interpreter: string;
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of the package's tarball, which npm checks. */
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
 * Reads how the lock of an interpreter pins a package.
 *
 * @param interpreter the interpreter's name
 * @param name the package's name
 * @throws {ToolError} `CANNOT` when the lock does not pin it
 */
export async function readPinnedPackage(interpreter: string, name: string): Promise<PinnedPackage> {
  const lock = LOCK.parse(await readJson(join(interpreterFolder(interpreter), 'package-lock.json')));
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) {
    throw new ToolError(
      'CANNOT',
      `Cannot find "${name}" with version and integrity in the lock of interpreter "${interpreter}"`,
    );
  }
  return { interpreter, name, version, integrity };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
