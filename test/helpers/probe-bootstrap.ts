import { existsSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Starts the bootstrap with a module loaded into it first: to be passed on as `command`.
 *
 * @param probe the module, which is written beside the function
 */
export function withProbe(probe: string): (bootstrap: string, folder: string) => readonly [string] {
  return (bootstrap, folder) => {
    const path = join(folder, 'task/probe.mjs');
    writeFileSync(path, probe);
    const startFile = join(folder, 'opt/interpreters/node.start');
    const text = readFileSync(startFile, 'utf8');
    writeFileSync(`${startFile}.new`, text.replace('{bootstrap}', `--import\n${path}\n{bootstrap}`));
    renameSync(`${startFile}.new`, startFile);
    return [bootstrap];
  };
}

/**
 * Waits until a file is there.
 *
 * @param folder where it will be
 * @param name its name
 */
export async function untilFile(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  await new Promise<void>((resolve) => {
    const watcher = watch(folder, () => existsSync(path) && done());
    const done = () => resolve(watcher.close());
    if (existsSync(path)) done();
  });
}
