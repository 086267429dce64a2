import { accessSync, constants, copyFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PilotlightError } from '../errors.ts';

/** A file of the overlay and the part it came from. */
export interface OverlayEntry {
  readonly name: string;
  readonly part: 'function' | 'runtime';
}

/** A bundle: what the worker loads; maps and the like beside it are not. */
const BUNDLE = /^function\.bundle\.(?!.*\.map$)/;
const DUMMY = 'function.bundle.js';

/**
 * Lays the function's files into the overlay folder: bundles are copied, all else is linked. The runtime layer's
 * dummy is laid only where the function has no file at all (dot files aside: Lambda takes no empty zip): a function
 * that lacks its bundle must fail, not greet.
 *
 * @param taskRoot the function's files
 * @param runtimeFolder the runtime layer's `pilotlight/`, which holds the dummy
 * @param functionFolder the empty overlay folder
 * @returns what lies there now, and from which part
 * @throws {PilotlightError} `BUNDLE_FAILED` for a bundle that cannot be read, `PREPARE_FAILED` when the overlay cannot be written
 */
export function layOverlay(taskRoot: string, runtimeFolder: string, functionFolder: string): OverlayEntry[] {
  const names = listTask(taskRoot);
  if (names.every((name) => name.startsWith('.'))) {
    copyBundle(join(runtimeFolder, DUMMY), join(functionFolder, DUMMY));
    return [{ name: DUMMY, part: 'runtime' }];
  }
  for (const name of names) {
    const source = join(taskRoot, name);
    const target = join(functionFolder, name);
    if (BUNDLE.test(name)) copyBundle(source, target);
    else place(target, () => symlinkSync(source, target));
  }
  return names.map((name) => ({ name, part: 'function' }));
}

function listTask(taskRoot: string): string[] {
  try {
    return readdirSync(taskRoot);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new PilotlightError('BUNDLE_FAILED', `Cannot read "${taskRoot}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function copyBundle(source: string, target: string): void {
  try {
    accessSync(source, constants.R_OK);
    if (statSync(source).isDirectory()) throw new Error('it is a folder');
  } catch (error) {
    throw new PilotlightError('BUNDLE_FAILED', `Cannot read "${source}": ${(error as Error).message}`, {
      cause: error,
    });
  }
  place(target, () => copyFileSync(source, target));
}

function place(target: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new PilotlightError('PREPARE_FAILED', `Cannot write "${target}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}
