import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { WriteBody } from '../../runtime/http1/chunk-writer.ts';
import type { Head } from '../../runtime/http1/head.ts';
import { type ServerAnswer, serveConnection } from '../../runtime/http1/server-connection.ts';
import type { WholeBody } from '../../runtime/http1/whole-body.ts';
import { optimizeEarly } from '../../runtime/optimize-early.ts';
import type { HeaderLookup } from './context.ts';
import { HostError } from './errors.ts';
import { createListener } from './listener.ts';
import type { HandleRequest } from './routes.ts';

/** Lambda takes request line and headers of 1 MB together; the rest is room for what is added on the way. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024;
const BEYOND_ASCII = /[\x80-\xff]/;
/** Only the owner may connect. */
const PRIVATE_UMASK = 0o177;

export interface ServerOptions {
  /** Called for every connection; the result answers its requests. */
  readonly accept: () => HandleRequest;
  /** Whether the server lets the event loop become empty while requests are handled. */
  readonly yieldsLoop: boolean;
}

export interface HostServer {
  /** Answers on a connection that did not come to the listener; the result takes its bytes. */
  serve(socket: Socket): (buffer: Buffer, bytes?: number) => void;
  /** Throws a HostError `Runtime.WorkerStartFailed` when the socket cannot be made. */
  listen(socketPath: string): Promise<void>;
  /** Resolves when every request has its answer, written to the socket. */
  drained(): Promise<void>;
  /** No longer keeps the process alive. */
  letGo(): void;
}

/** Loads what listening needs, two milliseconds of a cold start, so that the time of a wait can be used for it. */
export function loadAhead(): void {
  process.getBuiltinModule('node:cluster');
}

/**
 * Makes the server on the worker's socket. No time limits: the bootstrap keeps one connection for the worker's life,
 * and an environment may be frozen for hours between two requests.
 * @param options - what answers the requests
 * @returns the server, not yet listening
 */
export function createHostServer({ accept, yieldsLoop }: ServerOptions): HostServer {
  let unanswered = 0;
  let handling = 0;
  let onDrained: (() => void) | undefined;

  // What keeps the process alive between requests is the listener alone.
  const listener = createListener((socket) =>
    serve(socket, () => {
      answered();
      optimizeEarly();
    }),
  );

  function serve(socket: Socket, onAnswered = answered): (buffer: Buffer, bytes?: number) => void {
    const handle = accept();
    return serveConnection(
      socket,
      MAX_HEADER_BYTES,
      (head, body, respond) => handleOne(handle, head, body, respond),
      onAnswered,
    );
  }

  /** With nothing of ours in the event loop, `beforeExit` tells that nothing of the function's is left either. */
  function keepLoop(isKept: boolean): void {
    if (!yieldsLoop) return;
    if (isKept) listener.ref();
    else listener.unref();
  }

  function handleOne(
    handle: HandleRequest,
    head: Head,
    body: WholeBody,
    respond: (answer: ServerAnswer) => void,
  ): void {
    unanswered += 1;
    handling += 1;
    keepLoop(false);
    const { method, target } = head;
    handle({ method, path: target, header: readHeaders(head), body }, (answer) => {
      if (typeof answer.body === 'function') respond({ ...answer, body: untilOver(answer.body) });
      else {
        handled();
        respond(answer);
      }
    });
  }

  /** Of a stream the handling goes on until it is over. */
  function untilOver(write: WriteBody): WriteBody {
    return (writer) => {
      writer.whenOver(handled);
      write(writer);
    };
  }

  function handled(): void {
    handling -= 1;
    keepLoop(handling === 0);
  }

  function answered(): void {
    unanswered -= 1;
    if (unanswered === 0) onDrained?.();
  }

  return {
    serve: (socket) => serve(socket),
    async listen(socketPath) {
      rmSync(socketPath, { force: true });
      // The socket is bound within this call, so it never exists with wider rights.
      const umask = process.umask(PRIVATE_UMASK);
      const listening = listener.listen(socketPath);
      process.umask(umask);
      try {
        await listening;
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
    letGo: () => listener.unref(),
  };
}

/** Headers are read byte by byte, as Latin-1; Lambda's values are UTF-8. */
function readHeaders(head: Head): HeaderLookup {
  return (name) => {
    const value = head.header(name);
    if (value === undefined || !BEYOND_ASCII.test(value)) return value;
    return Buffer.from(value, 'latin1').toString('utf8');
  };
}
