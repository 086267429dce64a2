import { HostError } from './errors.ts';
import { findSyntaxError } from './syntax-position.ts';

/** What Node's loaders say when a module, or one that it needs, is missing or cannot be loaded. */
const LOADER_CODES = new Set([
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
  'ERR_INVALID_PACKAGE_CONFIG',
  'ERR_UNKNOWN_BUILTIN_MODULE',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_DLOPEN_FAILED',
]);

/**
 * Names what went wrong when the function's code was imported.
 * @param error - what the import threw
 * @param file - path of the imported file
 * @param asModule - whether the file was loaded as an ES module whatever Node would have made of it
 * @returns a HostError where the code could not be loaded; what the code itself threw comes back as it is
 */
export async function explainImportError(error: unknown, file: string, asModule: boolean): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const ofLoader = isThrownByLoader(error);
  if (ofLoader && error.name === 'SyntaxError') {
    const position = await findSyntaxError(error, file, asModule);
    const place = position === undefined ? `"${file}"` : `"${position.file}" at line ${position.line}`;
    return new HostError('Runtime.UserCodeSyntaxError', `Cannot load ${place}: ${String(error)}`, {
      cause: error,
    });
  }
  if ((code !== undefined && LOADER_CODES.has(code)) || (path !== undefined && (ofLoader || path === file))) {
    return new HostError('Runtime.ImportModuleError', `Cannot load "${file}": ${String(error)}`, {
      cause: error,
    });
  }
  return error;
}

/**
 * `JSON.parse` and `new Function` throw SyntaxErrors too, and user code opens files: but then the first frame below
 * those of the file system is not the loader's.
 */
function isThrownByLoader(error: Error): boolean {
  const frames = String(error.stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  const thrower = frames.find((line) => !/node:(?:internal\/)?fs\b/.test(line));
  return thrower?.includes('node:internal/modules/') ?? false;
}
