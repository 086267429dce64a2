import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import {
  ARM64_LIBRARIES,
  AWS_CLI,
  BWRAP,
  CHROMIUM,
  CRYSTAL_COMPILER,
  CURL,
  LUAJIT,
  PHP,
  PHP_CURL_PATTERN,
  QEMU_AARCH64,
  SCRIPT,
} from '../helpers/clients.ts';
import { runCommand } from './run-command.ts';
import type { Step, StepContext } from './step.ts';

/** A package and a file, or pattern of files, that is there once it is installed. */
export interface DebianPackage {
  readonly name: string;
  readonly file: string;
}

/** Versions are the distribution's: these are clients and tools, none ends up in a layer. */
const TEST_PACKAGES: readonly DebianPackage[] = [
  { name: 'awscli', file: AWS_CLI },
  { name: 'bubblewrap', file: BWRAP },
  { name: 'bsdutils', file: SCRIPT },
  { name: 'chromium', file: CHROMIUM },
  { name: 'luajit', file: LUAJIT },
  // Environments for arm64 on other machines; glibc and libgcc come with it.
  { name: 'qemu-user-static', file: QEMU_AARCH64 },
  { name: 'libstdc++6-arm64-cross', file: ARM64_LIBRARIES },
  // PHP's layer is made of a package of PyPI.
  { name: 'python3-pip', file: '/usr/lib/python3/dist-packages/pip/__main__.py' },
  { name: 'crystal', file: CRYSTAL_COMPILER },
];

/** What other runtimes are built and started with, which the tests run and the benchmark measures. */
const PEER_PACKAGES: readonly DebianPackage[] = [
  { name: 'util-linux', file: '/usr/bin/unshare' },
  { name: 'python3', file: '/usr/bin/python3' },
  { name: 'python3-venv', file: '/usr/lib/python3*/ensurepip/__init__.py' },
  { name: 'curl', file: CURL },
  { name: 'php-cli', file: PHP },
  { name: 'php-curl', file: PHP_CURL_PATTERN },
  // What aws-lambda-ric is built with; Rust links with it.
  { name: 'cmake', file: '/usr/bin/cmake' },
  { name: 'g++', file: '/usr/bin/g++' },
  { name: 'make', file: '/usr/bin/make' },
  { name: 'xz-utils', file: '/usr/bin/xz' },
];

const APT_GET = '/usr/bin/apt-get';
/** Another apt-get may be running, on new machines often the automatic updates. */
const LOCK_TIMEOUT = 'DPkg::Lock::Timeout=120';

/** Installs the distribution's packages that are missing. */
export const debianPackages = stepFor([...TEST_PACKAGES, ...PEER_PACKAGES]);

/** Installs those that the benchmark needs. */
export const peerPackages = stepFor(PEER_PACKAGES);

function stepFor(packages: readonly DebianPackage[]): Step {
  return {
    name: 'packages of the distribution',
    missing: () => missingPackages(packages),
    install: (context) => install(packages, context),
  };
}

/**
 * Finds out which packages are not installed, from their files alone.
 *
 * @param packages where to look for what
 * @returns names, in the order given
 */
export function missingPackages(packages: readonly DebianPackage[]): string[] {
  return packages.filter(({ file }) => globSync(file).length === 0).map(({ name }) => name);
}

async function install(
  packages: readonly DebianPackage[],
  { environment, signal, logFolder }: StepContext,
): Promise<void> {
  const missing = missingPackages(packages);
  const byHand = `install with the system's package manager, then run make setup again: ${missing.join(' ')}`;
  if (!existsSync(APT_GET)) {
    throw new ToolError('CANNOT', `Cannot install packages: "${APT_GET}" is not there`, { next: byHand });
  }
  const root = await becomeRoot();
  if (root === undefined) {
    const next = `as root: apt-get update && apt-get install --no-install-recommends ${missing.join(' ')}; then make setup`;
    throw new ToolError('CANNOT', 'Cannot install packages: not root, and sudo wants a password', { next });
  }
  const aptGet = async (...args: string[]) => {
    signal.throwIfAborted();
    const command = [
      ...root,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      APT_GET,
      '-qq',
      '-o',
      LOCK_TIMEOUT,
    ] as const;
    const logFile = join(logFolder, `apt-get-${args[0]}.log`);
    // No signal: dpkg stopped half-way leaves a system that has to be repaired by hand.
    await runCommand([...command, ...args] as [string, ...string[]], { environment, logFile, next: byHand });
  };
  await aptGet('update');
  await aptGet('install', '--yes', '--no-install-recommends', ...missing);
  signal.throwIfAborted();
  const absent = missingPackages(packages);
  if (absent.length > 0) {
    const files = packages.filter(({ name }) => absent.includes(name)).map(({ file }) => `"${file}"`);
    throw new ToolError('CANNOT', `Cannot find ${files.join(', ')} after installing ${absent.join(', ')}`, {
      next: 'this distribution puts them elsewhere: the tests are written for Debian 12 and newer',
    });
  }
}

/** What to put before a command to run it as root; undefined when that is not possible without a password. */
async function becomeRoot(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const { failed } = await execa('sudo', ['-n', 'true'], { reject: false });
  return failed ? undefined : ['sudo', '-n'];
}
