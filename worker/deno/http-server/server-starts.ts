import type { AddressInfo } from 'node:net';
import { type StartWatcher, watchStarts as watchNodeServers } from '../../node/http-server/server-starts.ts';

interface DenoServer {
  readonly addr: { readonly path: string } | { readonly hostname: string; readonly port: number };
}

interface ServesHttp {
  serve: (...args: never[]) => DenoServer;
}

/** Node's servers are announced here too; `Deno.serve` is watched by a function in its place. */
export function watchStarts(watcher: StartWatcher): () => void {
  const stop = watchNodeServers(watcher);
  const deno = (globalThis as unknown as { Deno: ServesHttp }).Deno;
  const { serve } = deno;
  deno.serve = (...args) => {
    const server = serve(...args);
    const { addr } = server;
    watcher.onStart('path' in addr ? addr : { port: addr.port });
    const listening: string | AddressInfo =
      'path' in addr ? addr.path : { address: addr.hostname, port: addr.port, family: '' };
    watcher.onListen(listening);
    return server;
  };
  return () => {
    stop();
    deno.serve = serve;
  };
}
