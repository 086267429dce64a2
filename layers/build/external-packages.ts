import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { entriesAt } from './folder-entries.ts';
import { parseManifest } from './parse-manifest.ts';
import type { ZipEntry } from './zip.ts';

const NAMES = z.record(z.string(), z.unknown()).default({});
const PACKAGE = z.object({ dependencies: NAMES, optionalDependencies: NAMES, peerDependencies: NAMES });

/** A package on its way into the zip: the folder it is in, and the one it goes to. */
interface Placed {
  readonly folder: string;
  readonly place: string;
}

/**
 * Reads installed packages with all they depend on, laid out so that each finds in the zip what it finds now. That is
 * flat where versions agree and nested where they do not, whichever package manager installed them.
 *
 * @param folder the function's folder, from which the packages are looked for
 * @param names the packages that are not bundled
 * @param arch Lambda's architecture; prebuilt addons for other platforms stay behind
 * @throws {ToolError} `BUILD_FAILED` when a package is not installed, or its manifest broken
 */
export async function externalPackages(
  folder: string,
  names: readonly string[],
  arch: 'x86_64' | 'arm64',
): Promise<ZipEntry[]> {
  const byPlace = new Map<string, string>();
  const waiting: Placed[] = [];
  for (const name of names) waiting.push(...(await place(name, { folder, place: '' }, byPlace, true)));
  // Breadth first: all that a package needs has its place before what those need in turn.
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { required, optional } = await dependenciesOf(next.folder);
    for (const name of required) waiting.push(...(await place(name, next, byPlace, true)));
    for (const name of optional) waiting.push(...(await place(name, next, byPlace, false)));
  }
  const entries: ZipEntry[] = [];
  for (const [where, from] of byPlace) entries.push(...(await packageEntries(from, where, arch)));
  return entries;
}

/** Finds a place for what `user` imports as `name`; nothing to do where it already sees the right one. */
async function place(
  name: string,
  user: Placed,
  byPlace: Map<string, string>,
  required: boolean,
): Promise<Placed[]> {
  const folder = await installedFolder(name, user.folder);
  if (folder === undefined) {
    if (!required) return [];
    throw new ToolError('BUILD_FAILED', `Cannot find the package "${name}" from "${user.folder}"`, {
      next: `install it where the function is: npm install ${name}`,
    });
  }
  const seen = placesSeenFrom(user.place, name).find((candidate) => byPlace.has(candidate));
  if (seen !== undefined && byPlace.get(seen) === folder) return [];
  const free = seen === undefined ? join('node_modules', name) : join(user.place, 'node_modules', name);
  byPlace.set(free, folder);
  return [{ folder, place: free }];
}

/** Where Node looks for `name` from a place in the zip, nearest first. */
function placesSeenFrom(from: string, name: string): string[] {
  const places: string[] = [];
  for (let at = from; at !== '' && at !== '.'; at = dirname(at)) {
    if (!at.endsWith('node_modules')) places.push(join(at, 'node_modules', name));
  }
  return [...places, join('node_modules', name)];
}

async function installedFolder(name: string, from: string): Promise<string | undefined> {
  for (let at = await realpath(from); ; at = dirname(at)) {
    const found = await realpath(join(at, 'node_modules', name)).catch(() => undefined);
    if (found !== undefined) return found;
    if (at === dirname(at)) return undefined;
  }
}

async function dependenciesOf(folder: string): Promise<{ required: string[]; optional: string[] }> {
  const path = join(folder, 'package.json');
  const manifest = PACKAGE.parse(parseManifest(await readFile(path, 'utf8'), path));
  const optional = Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies });
  const required = Object.keys(manifest.dependencies).filter((name) => !optional.includes(name));
  return { required: required.toSorted(), optional: optional.toSorted() };
}

async function packageEntries(folder: string, where: string, arch: 'x86_64' | 'arm64'): Promise<ZipEntry[]> {
  const wanted = `linux-${arch === 'x86_64' ? 'x64' : 'arm64'}`;
  const skip = (path: string): boolean => {
    // The layout of prebuildify, which many packages with addons share: prebuilds/<platform>-<arch>/.
    const prebuilt = /(?:^|\/)prebuilds\/([^/]+)$/.exec(path)?.[1];
    return path === 'node_modules' || (prebuilt !== undefined && !prebuilt.startsWith(wanted));
  };
  const entries = await entriesAt(folder, '.', skip);
  return entries.map((entry) => ({ ...entry, path: join(where, entry.path) }));
}
