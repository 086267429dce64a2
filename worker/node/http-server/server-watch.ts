import type { AddressInfo } from 'node:net';
import { freePort } from './free-port.ts';
import { watchStarts } from './server-starts.ts';

const PORT_VARIABLE = 'PORT';
const SOCKET_VARIABLE = 'PILOTLIGHT_SOCKET';

/** Where a server listens. */
export type ServerAddress =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string };

/** Sees the servers that the function starts. */
export interface ServerWatch {
  readonly port: number;
  /** Whether a server was told to listen where we look for one. */
  isStarted(): boolean;
  /** Where other servers listen, for people. */
  readonly elsewhere: readonly string[];
  /** Settles when a server listens where we look for one. */
  readonly listening: Promise<ServerAddress>;
  stop(): void;
  /** Stops because the function turned out to be no server, and takes the variables back. */
  cancel(): void;
}

/**
 * Says where the function's server shall listen, in `PORT` unless it is set and in `PILOTLIGHT_SOCKET`, and watches
 * for servers that start: no polling, and a function without one pays two subscriptions and one try of a
 * port.
 * @param environment - the process's variables
 * @param socketPath - a path that is free
 * @returns the watch
 */
export function watchServers(environment: NodeJS.ProcessEnv, socketPath: string): ServerWatch {
  const given = environment[PORT_VARIABLE] || undefined;
  const port = Number(given ?? freePort());
  environment[PORT_VARIABLE] = given ?? String(port);
  environment[SOCKET_VARIABLE] = socketPath;
  const { promise: listening, resolve } = Promise.withResolvers<ServerAddress>();
  const elsewhere: string[] = [];
  let isStarted = false;

  const stop = watchStarts({
    onStart({ port: wantedPort, path }) {
      if (Number(wantedPort) === port || path === socketPath) isStarted = true;
    },
    onListen(address) {
      if (address === socketPath) resolve({ socketPath });
      else if (typeof address === 'object' && address?.port === port)
        resolve({ host: hostOf(address), port });
      else elsewhere.push(typeof address === 'string' ? `"${address}"` : `port ${address?.port}`);
    },
  });

  return {
    port,
    isStarted: () => isStarted,
    elsewhere,
    listening,
    stop,
    cancel() {
      stop();
      if (given === undefined) delete environment[PORT_VARIABLE];
      delete environment[SOCKET_VARIABLE];
    },
  };
}

/** A server on all addresses has no address to connect to; wherever it may be reached, this is one. */
function hostOf({ address }: AddressInfo): string {
  return address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
}
