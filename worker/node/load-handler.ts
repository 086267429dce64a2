import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Handler } from './adapters/handler.ts';
import { importBundle } from './bundle-format.ts';
import { useCodeCache } from './code-cache.ts';
import { HostError } from './errors.ts';
import { findFetch, walkExports } from './exports.ts';
import type { ServeSettings } from './function-kind.ts';
import { parseBundleHandler, parseModuleHandler } from './handler-name.ts';
import { type ServerWatch, watchServers } from './http-server/server-watch.ts';
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

/** What a function is loaded with. */
export interface LoadOptions extends ServeSettings {
  /** The process's variables: they tell a server where to listen. */
  readonly environment: NodeJS.ProcessEnv;
  /** Whether its events come later, and nobody waits for the load. */
  readonly isAhead: boolean;
  /** A free path for the socket of the function's own server. */
  readonly serverSocketPath: string;
}

/**
 * Loads the function's code and takes the handler from it, or makes one of its `fetch` or of the server it starts.
 * @param place - where it is
 * @param options - what it is taken for, and how it answers
 * @returns the handler; what the module throws while it loads is thrown on as it is
 * @throws HostError `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`,
 * `Runtime.ServerNotListening`
 */
export async function loadHandler(place: HandlerPlace, options: LoadOptions): Promise<Handler> {
  const { kind, stream, environment, isAhead, serverSocketPath } = options;
  const mayServe = kind === 'auto' || kind === 'http';
  const watch = mayServe ? watchServers(environment, serverSocketPath) : undefined;
  const { file, isBundle, exportPath } = place;
  const load = () => importFile(file, isBundle);
  const namespace = await (isAhead ? (await import('./compile-all.ts')).compileAll(file, load) : load());
  if (kind === 'auto' || kind === 'handler') {
    const handler = findHandler(namespace, exportPath, watch);
    if (handler !== undefined || kind === 'handler') {
      watch?.cancel();
      return checkHandler(place, handler);
    }
  }
  // Not at the top: most functions are plain handlers, and every cold start would load it.
  const { createWebHandler } = await import('./web-handler.ts');
  return await createWebHandler({ file, namespace, handlerName: exportPath.join('.'), kind, stream, watch });
}

function checkHandler({ file, exportPath }: HandlerPlace, handler: unknown): Handler {
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
  if (asModule) useCodeCache(dirname(file), url);
  try {
    return await (asModule ? importBundle(url) : import(url));
  } catch (error) {
    throw await explainImportError(error, file, asModule);
  }
}

/**
 * The export itself, else a function exported as default, else the export as a property of the default. Where a web
 * handler or a server may be meant, a default export counts for these first: apps of Express are functions, too.
 */
function findHandler(namespace: unknown, path: readonly string[], watch: ServerWatch | undefined): unknown {
  const named = walkExports(namespace, path);
  if (named !== undefined) return named;
  if (watch !== undefined && (findFetch(namespace) !== undefined || watch.isStarted())) return undefined;
  const byDefault = walkExports(namespace, ['default']);
  return typeof byDefault === 'function' ? byDefault : walkExports(byDefault, path);
}
