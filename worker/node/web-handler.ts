import type { Handler } from './adapters/handler.ts';
import { HostError } from './errors.ts';
import { findFetch, walkExports } from './exports.ts';
import { findServer } from './http-server/find-server.ts';
import type { ServerWatch } from './http-server/server-watch.ts';
import { createFetchHandler, type Fetch, type OnEvent } from './web/fetch-handler.ts';

/** Lambda gives an environment 10 s to start, and then tells nobody why it did not. */
const SERVER_LIMIT_MS = 9500;

/** A function that is loaded and exports no handler. */
export interface LoadedFunction {
  /** Path of its file. */
  readonly file: string;
  readonly namespace: unknown;
  /** The export that would have been its handler. */
  readonly handlerName: string;
  readonly kind: 'auto' | 'fetch' | 'http';
  readonly stream: boolean;
  /** Sees the servers it starts; nothing when it is not to be one. */
  readonly watch: ServerWatch | undefined;
}

/**
 * Makes a handler of a web handler, or of a server that listens.
 * @param loaded - the function
 * @returns the handler
 * @throws HostError `Runtime.HandlerNotFound` when it is nothing of all this, `Runtime.ServerNotListening` when it is
 * said to be a server
 */
export async function createWebHandler(loaded: LoadedFunction): Promise<Handler> {
  const { namespace, kind, stream, watch } = loaded;
  const fetch = kind === 'http' ? undefined : findFetch(namespace);
  if (fetch !== undefined) {
    watch?.cancel();
    return createFetchHandler({ fetch: fetch as Fetch, onEvent: findEventHandler(namespace), stream });
  }
  if (watch === undefined) throw noFetch(loaded);
  const [address, { createServerHandler }] = await Promise.all([
    findServer(watch, SERVER_LIMIT_MS, (reason) => noServer(loaded, reason)),
    import('./http-server/server-handler.ts'),
  ]);
  return createServerHandler(address, stream);
}

/** What takes events that are no HTTP requests: the export `event`, else the default export's method. */
function findEventHandler(namespace: unknown): OnEvent | undefined {
  const byDefault = walkExports(namespace, ['default']);
  const found = walkExports(namespace, ['event']) ?? walkExports(byDefault, ['event']);
  return typeof found === 'function' ? found.bind(byDefault) : undefined;
}

function noFetch({ file }: LoadedFunction): HostError {
  return new HostError(
    'Runtime.HandlerNotFound',
    `Cannot use "${file}" as a web handler: its default export has no "fetch", expected a function`,
  );
}

function noServer({ file, kind, handlerName }: LoadedFunction, reason: string): HostError {
  if (kind === 'http') {
    return new HostError('Runtime.ServerNotListening', `Cannot use "${file}" as an HTTP server: ${reason}`);
  }
  return new HostError(
    'Runtime.HandlerNotFound',
    `Cannot use "${handlerName}" of "${file}" as the handler: it is undefined or not exported, expected a function; ` +
      `nor is there a default export with "fetch", and ${reason}`,
  );
}
