import { glob, lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { ZipEntry } from './zip.ts';

/**
 * Reads the files of a folder that match patterns, as they go into a zip: paths and the executable bit kept, symbolic
 * links as links. A folder that matches comes whole.
 *
 * @param folder the folder; paths in the zip are relative to it
 * @param patterns globs such as `assets/**` or `template.html`
 * @throws {ToolError} `BUILD_FAILED` for a pattern that matches nothing or leaves the folder
 */
export async function matchingEntries(folder: string, patterns: readonly string[]): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for (const pattern of patterns) {
    const before = entries.length;
    for await (const match of glob(pattern, { cwd: folder })) {
      if (isOutside(match)) {
        throw new ToolError('BUILD_FAILED', `Cannot include "${match}": it is outside of "${folder}"`);
      }
      entries.push(...(await entriesAt(folder, posix.normalize(match))));
    }
    if (entries.length === before) {
      throw new ToolError('BUILD_FAILED', `Cannot include "${pattern}": no file in "${folder}" matches`);
    }
  }
  return entries;
}

/**
 * Reads a file, a link or a whole folder as entries of a zip.
 *
 * @param root the folder that paths in the zip are relative to
 * @param path what to read, relative to it
 * @param skip folders and files, by their path, that are left out
 * @throws {ToolError} `BUILD_FAILED` for a link that points out of `root` and could not work elsewhere
 */
export async function entriesAt(
  root: string,
  path: string,
  skip: (path: string) => boolean = () => false,
): Promise<ZipEntry[]> {
  if (skip(path)) return [];
  const full = join(root, path);
  const stats = await lstat(full);
  if (stats.isDirectory()) {
    const inside: ZipEntry[] = [];
    // One after the other: a package can hold more files than a process may have open.
    for (const name of await readdir(full))
      inside.push(...(await entriesAt(root, posix.join(path, name), skip)));
    return inside;
  }
  if (stats.isSymbolicLink()) return [{ path, linkTarget: await insideTarget(full, path) }];
  if (!stats.isFile()) return [];
  return [{ path, content: await readFile(full), executable: (stats.mode & 0o100) !== 0 }];
}

async function insideTarget(full: string, path: string): Promise<string> {
  const target = await readlink(full);
  if (posix.isAbsolute(target) || isOutside(posix.join(posix.dirname(path), target))) {
    throw new ToolError(
      'BUILD_FAILED',
      `Cannot ship the link "${path}": "${target}" is outside of the function`,
    );
  }
  return target;
}

function isOutside(path: string): boolean {
  return posix.isAbsolute(path) || /^\.\.(?:\/|$)/.test(posix.normalize(path));
}
