import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A program to run beside the bootstrap. */
export interface ExtensionProgram {
  readonly name: string;
  readonly insidePath: string;
  readonly file: string;
}

/**
 * Finds the external extensions of an environment: every file directly in `/opt/extensions`.
 *
 * @param optFolder folder that stands for `/opt`
 */
export async function findExtensions(optFolder: string): Promise<readonly ExtensionProgram[]> {
  const folder = join(optFolder, 'extensions');
  const names = await readdir(folder).catch(() => []);
  const programs = names.sort().map((name) => ({
    name,
    insidePath: `/opt/extensions/${name}`,
    file: join(folder, name),
  }));
  const stats = await Promise.all(programs.map(({ file }) => stat(file)));
  return programs.filter((_program, index) => stats[index]?.isFile());
}
