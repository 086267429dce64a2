import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { readIntoOneBuffer } from './read-into-one-buffer.ts';

/** Takes connections on a Unix socket. */
export interface Listener {
  /**
   * Begins; the socket is bound within this call.
   * @param socketPath - where
   * @returns settles when connections are taken, or none can be
   */
  listen(socketPath: string): Promise<void>;
  /** Keeps the process alive, as it does from the beginning. */
  ref(): void;
  unref(): void;
}

/**
 * Makes a listener. Its connections do not keep the process alive.
 * @param serve - gets each connection to answer on, and returns what takes its bytes: the first so many of a
 *   buffer, or all, valid during the call only
 * @returns the listener
 */
export function createListener(
  serve: (socket: Socket) => (buffer: Buffer, bytes?: number) => void,
): Listener {
  // Paused until it is known who reads it.
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    readIntoOneBuffer(accepted, serve).unref();
  });
  return {
    async listen(socketPath) {
      server.listen(socketPath);
      await once(server, 'listening');
    },
    ref: () => void server.ref(),
    unref: () => void server.unref(),
  };
}
