import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Lists test files.
 *
 * @param paths test files, and folders to search for them
 * @returns absolute paths, each once, folder by folder in the order given; a folder that does not exist holds none
 */
export function testFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    if (stats.isFile()) return [resolve(path)];
    return globSync('**/*.test.ts', { cwd: path })
      .sort()
      .map((file) => resolve(join(path, file)));
  });
  return [...new Set(files)];
}
