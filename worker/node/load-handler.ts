import { pathToFileURL } from 'node:url';
import type { Handler } from './adapters/handler.ts';
import { importBundle } from './bundle-format.ts';
import { HostError } from './errors.ts';
import { parseBundleHandler, parseModuleHandler } from './handler-name.ts';
import { explainImportError } from './import-error.ts';
import { findBundle, findModule } from './module-file.ts';

/** Where the handler is. */
export interface HandlerPlace {
  /** Path of the module's file. */
  readonly file: string;
  readonly isBundle: boolean;
  /** The names to walk from the module to the handler. */
  readonly exportPath: readonly string[];
}

/**
 * Finds the file that holds the handler, without loading it.
 * @param folder - the folder with the function's files
 * @param handler - the function's handler setting; with a bundle in the folder only its export counts
 * @returns the file and the export
 * @throws HostError `Runtime.MalformedHandlerName`, `Runtime.ImportModuleError`
 */
export function locateHandler(folder: string, handler: string): HandlerPlace {
  const bundle = findBundle(folder);
  if (bundle !== undefined) return { file: bundle, isBundle: true, exportPath: parseBundleHandler(handler) };
  const { module, exportPath } = parseModuleHandler(handler);
  return { file: findModule(folder, module), isBundle: false, exportPath };
}

/**
 * Loads the function's code and takes the handler from it.
 * @param place - where it is
 * @returns the handler; what the module throws while it loads is thrown on as it is
 * @throws HostError `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`
 */
export async function loadHandler({ file, isBundle, exportPath }: HandlerPlace): Promise<Handler> {
  const handler = findExport(await importFile(file, isBundle), exportPath);
  if (typeof handler === 'function') return handler as Handler;
  const found = handler === undefined ? 'it is undefined or not exported' : `it is a ${typeof handler}`;
  throw new HostError(
    'Runtime.HandlerNotFound',
    `Cannot use "${exportPath.join('.')}" of "${file}" as the handler: ${found}, expected a function`,
  );
}

async function importFile(file: string, isBundle: boolean): Promise<unknown> {
  const url = pathToFileURL(file).href;
  const asModule = isBundle && file.endsWith('.js');
  try {
    return await (asModule ? importBundle(url) : import(url));
  } catch (error) {
    throw await explainImportError(error, file, asModule);
  }
}

/** The export itself, else a function exported as default, else the export as a property of the default. */
function findExport(namespace: unknown, path: readonly string[]): unknown {
  const named = walk(namespace, path);
  if (named !== undefined) return named;
  const byDefault = walk(namespace, ['default']);
  return typeof byDefault === 'function' ? byDefault : walk(byDefault, path);
}

function walk(start: unknown, path: readonly string[]): unknown {
  let value = start;
  for (const name of path) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
