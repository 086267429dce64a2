import { existsSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Resolves when a file exists, whoever makes it.
 *
 * @param path its path, in a folder that exists
 */
export function untilFile(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), (_, name) => {
      if (name === basename(path)) resolve(watcher.close());
    });
    // After the watch began: a file that came before it is seen too.
    if (existsSync(path)) resolve(watcher.close());
  });
}
