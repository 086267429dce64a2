import { randomInt } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Old bootstraps parse the port as a signed 16 bit number. */
const PORT_LIMIT = 32_768;
const LOWEST_PORT = 10_000;
/** Each try fails only when the port is taken, so this many in a row mean that something else is wrong. */
const PORT_TRIES = 100;
/** RAPID takes a megabyte of headers; the X-Ray cause of an error is sent in one. */
const MAX_HEADER_BYTES = 1024 * 1024 + 64 * 1024;

/** Connections of dead processes close at once; one that somebody else opened must not hold up the end. */
const DRAIN_LIMIT_MS = 500;

const TRUNCATED_BODY = JSON.stringify({
  errorMessage: 'HTTP request detected as truncated',
  errorType: 'TruncatedHTTPRequest',
});

/** A Runtime API that listens. */
export interface RuntimeServer {
  /** `host:port`, the value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Resolves when every connection has closed, with all that was sent on them handled. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1 below 32768, without any timeout: a poll may last as long as nobody calls.
 *
 * @param listener answers the requests
 * @throws {Error} `EADDRINUSE` when no free port was found
 */
export async function startRuntimeServer(listener: RequestListener): Promise<RuntimeServer> {
  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES },
    listener,
  );
  const sockets = new Set<Socket>();
  let onDrained: (() => void) | undefined;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) onDrained?.();
    });
  });
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return socket.destroy();
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${TRUNCATED_BODY.length}\r\nConnection: close\r\n\r\n${TRUNCATED_BODY}`,
    );
  });
  await listen(server);
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    drained: () => {
      if (sockets.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const limit = setTimeout(resolve, DRAIN_LIMIT_MS);
        onDrained = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function listen(server: Server): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: '127.0.0.1', port: randomInt(LOWEST_PORT, PORT_LIMIT) }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === PORT_TRIES) throw error;
    }
  }
}
