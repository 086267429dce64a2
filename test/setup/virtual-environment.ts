import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, runCommand } from './run-command.ts';
import { digestOf } from './stamp.ts';

/** By its path: another Python, without what Debian's has, may stand earlier in PATH. */
const SYSTEM_PYTHON = '/usr/bin/python3';

/**
 * Digest of what decides the contents of a virtual environment.
 *
 * @param requirements file with the pinned packages
 */
export function virtualEnvironmentDigest(requirements: string): string {
  // The name that `python3` points to carries the version, which the environment's folders depend on.
  const python = existsSync(SYSTEM_PYTHON) ? realpathSync(SYSTEM_PYTHON) : 'none';
  return digestOf([readFileSync(requirements, 'utf8'), python]);
}

/**
 * Makes a virtual environment afresh.
 *
 * @param folder where
 * @param requirements file with the pinned packages, hashes of all their wheels included
 * @param options see `runCommand()`
 * @returns its Python
 * @throws {ToolError} `CANNOT` when pip does not reach its index or finds no wheel for this Python
 */
export async function makeVirtualEnvironment(
  folder: string,
  requirements: string,
  options: CommandOptions,
): Promise<string> {
  const python = join(folder, 'bin/python3');
  await runCommand([SYSTEM_PYTHON, '-m', 'venv', '--clear', folder], options);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const pinned = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '--requirement', requirements];
  await runCommand([python, ...pip, ...pinned], options);
  return python;
}
