import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { fetchPackage } from './fetch-package.ts';
import type { DebianFile } from './interpreter-source.ts';

const NEXT =
  'run it on Debian 12, after apt-get update as root; the packages come from its archive, checked by their digest';

/**
 * Fetches one of Debian's packages from the archive that this machine is set up for, without installing it.
 *
 * @param pinned which file of which package
 * @param options `folder` whose `packages` holds it, a `signal` that stops the programs, and `note` for progress
 * @returns path of the file
 * @throws {ToolError} `CANNOT` when the archive has no such package, or another one by its name
 */
export async function fetchDebianFile(
  pinned: DebianFile,
  options: { folder: string; signal: AbortSignal; note: (line: string) => void },
): Promise<string> {
  const { signal: cancelSignal } = options;
  const home = await fetchPackage(join(options.folder, 'packages', `${pinned.package}_${pinned.version}`), {
    ...options,
    what: `Debian's package "${pinned.package}" ${pinned.version}`,
    next: NEXT,
    async fill(folder) {
      const run = async (file: string, ...args: string[]) =>
        await execa(file, args, { cwd: folder, all: true, cancelSignal });
      await run('apt-get', 'download', '-qq', `${pinned.package}=${pinned.version}`);
      const deb = join(folder, `${pinned.package}_${pinned.version}_all.deb`);
      const sha256 = createHash('sha256')
        .update(await readFile(deb))
        .digest('hex');
      if (sha256 !== pinned.sha256) throw new Error(`found SHA-256 ${sha256}, expected ${pinned.sha256}`);
      await run('dpkg-deb', '--extract', deb, '.');
      await rm(deb);
    },
  });
  return join(home, pinned.file);
}
