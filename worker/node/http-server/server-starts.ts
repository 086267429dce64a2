import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';

const STARTS = 'tracing:net.server.listen:asyncStart';
const LISTENS = 'tracing:net.server.listen:asyncEnd';

/** Where a server is told to listen. */
export interface WantedPlace {
  readonly port?: number | string;
  readonly path?: string;
}

/** Told of servers, whoever starts them. */
export interface StartWatcher {
  onStart(wanted: WantedPlace): void;
  onListen(address: ReturnType<Server['address']>): void;
}

/**
 * Watches Node's own announcements of servers.
 * @param watcher - told of each that starts, and once it listens
 * @returns what ends it
 */
export function watchStarts({ onStart, onListen }: StartWatcher): () => void {
  const started = (message: unknown): void => onStart((message as { options: WantedPlace }).options);
  const listens = (message: unknown): void => onListen((message as { server: Server }).server.address());
  subscribe(STARTS, started);
  subscribe(LISTENS, listens);
  return () => {
    unsubscribe(STARTS, started);
    unsubscribe(LISTENS, listens);
  };
}
