import type { AddressInfo } from 'node:net';
import type { StartWatcher } from '../../node/http-server/server-starts.ts';

interface BunServer {
  readonly port?: number;
  readonly address?: AddressInfo;
  readonly hostname?: string;
  readonly unix?: string;
}

type Start = (options: { readonly unix?: string }) => BunServer;

/** All servers of Bun, those of `node:http` and `node:net` too, start by these two. */
interface StartsServers {
  serve: Start;
  listen: Start;
}

/** Bun announces no servers: those that start are watched by functions in place of its own. */
export function watchStarts(watcher: StartWatcher): () => void {
  const bun = (globalThis as unknown as { Bun: StartsServers }).Bun;
  const { serve, listen } = bun;
  const watched =
    (start: Start): Start =>
    (options) => {
      const server = start(options);
      const { port, unix = options.unix } = server;
      const host = server.address?.address ?? server.hostname ?? '';
      watcher.onStart({ ...(port !== undefined && { port }), ...(unix !== undefined && { path: unix }) });
      const address: string | AddressInfo = unix ?? { address: host, port: port ?? 0, family: '' };
      watcher.onListen(address);
      return server;
    };
  bun.serve = watched(serve);
  bun.listen = watched(listen);
  return () => Object.assign(bun, { serve, listen });
}
