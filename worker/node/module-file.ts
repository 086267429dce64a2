import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HostError } from './errors.ts';
import { INTERPRETER } from './interpreter.ts';

/** In Lambda's order. */
const EXTENSIONS = ['', ...INTERPRETER.moduleEndings];

/**
 * Finds the function's bundle.
 * @param folder - the folder with the function's files
 * @returns path of the bundle, or `undefined` where the function consists of plain modules
 */
export function findBundle(folder: string): string | undefined {
  return INTERPRETER.bundleEndings.map((ending) => join(folder, `function.bundle${ending}`)).find(isFile);
}

/**
 * Finds the file of a module that a handler string names: a file of the function, a folder with an index or a
 * `main`, or a package below `node_modules`.
 * @param folder - the folder with the function's files
 * @param module - path below it, without an extension
 * @returns path of the file
 * @throws HostError `Runtime.ImportModuleError` when there is none
 */
export function findModule(folder: string, module: string): string {
  const path = join(folder, module);
  const file = EXTENSIONS.map((extension) => path + extension).find(isFile);
  if (file !== undefined) return file;
  const { resolve } = createRequire(join(folder, 'noop.js'));
  try {
    return tryResolve(resolve, path) ?? resolve(module, { paths: [folder, dirname(path)] });
  } catch (cause) {
    throw new HostError(
      'Runtime.ImportModuleError',
      `Cannot find module "${module}" in "${folder}": looked for ${EXTENSIONS.map((extension) => `"${module}${extension}"`).join(', ')} and for a package of that name`,
      { cause },
    );
  }
}

function tryResolve(resolve: NodeJS.RequireResolve, path: string): string | undefined {
  try {
    return resolve(path);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
