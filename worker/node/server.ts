import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HostError } from './errors.ts';
import type { Answer } from './invoke.ts';
import type { HandleRequest } from './routes.ts';

/** Lambda takes request line and headers of 1 MB together; the rest is room for what is added on the way. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024;
/** Only the owner may connect. */
const PRIVATE_UMASK = 0o177;

export interface ServerOptions {
  readonly handle: HandleRequest;
  /** Whether the server lets the event loop become empty while requests are handled. */
  readonly yieldsLoop: boolean;
}

export interface HostServer {
  /** Throws a HostError `Runtime.WorkerStartFailed` when the socket cannot be made. */
  listen(socketPath: string): Promise<void>;
  /** Resolves when every request has its answer, written to the socket. */
  drained(): Promise<void>;
}

/**
 * Makes the server on the worker's socket. No time limits: the bootstrap keeps one connection for the worker's life,
 * and an environment may be frozen for hours between two requests.
 * @param options - what answers the requests
 * @returns the server, not yet listening
 */
export function createHostServer({ handle, yieldsLoop }: ServerOptions): HostServer {
  const connections = new Set<Socket>();
  let unanswered = 0;
  let handling = 0;
  let onDrained: (() => void) | undefined;

  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => void serve(request, response),
  );
  server.maxHeadersCount = 0;
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    keepLoop(handling === 0);
  });

  /** With nothing of ours in the event loop, `beforeExit` tells that nothing of the function's is left either. */
  function keepLoop(isKept: boolean): void {
    if (!yieldsLoop) return;
    for (const held of [server, ...connections]) {
      if (isKept) held.ref();
      else held.unref();
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    unanswered += 1;
    response.once('close', () => {
      unanswered -= 1;
      if (unanswered === 0) onDrained?.();
    });
    const body = await readBody(request);
    if (body === undefined) return;
    handling += 1;
    keepLoop(false);
    const answer = await handle({
      method: request.method ?? '',
      path: request.url ?? '',
      header: (name) => readHeader(request, name),
      body,
    });
    handling -= 1;
    keepLoop(handling === 0);
    write(response, answer);
  }

  return {
    async listen(socketPath) {
      rmSync(socketPath, { force: true });
      // The socket is bound within this call, so it never exists with wider rights.
      const umask = process.umask(PRIVATE_UMASK);
      server.listen(socketPath);
      process.umask(umask);
      try {
        await once(server, 'listening');
      } catch (cause) {
        throw new HostError(
          'Runtime.WorkerStartFailed',
          `Cannot listen on "${socketPath}": ${String(cause)}`,
          { cause },
        );
      }
    },
    async drained() {
      if (unanswered === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onDrained = resolve;
      await promise;
    },
  };
}

/** The result is `undefined` when the connection was lost on the way: nobody waits for an answer then. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
  request.once('close', () => resolve(undefined));
  return promise;
}

/** Node reads header bytes as Latin-1; Lambda's values are UTF-8. */
function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString('utf8') : undefined;
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.sendDate = false;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}
