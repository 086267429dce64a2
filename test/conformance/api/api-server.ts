import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Watch } from '../watch.ts';
import type { ApiConnection, ApiRequest } from './api-request.ts';
import { RequestReader } from './request-reader.ts';
import { Transcript } from './transcript.ts';

const EXTENSION_PATH = '/2020-01-01/extension/';
/** What the API calls a runtime that registers. */
export const EXTENSION_ID = '5f1f3c9a-0000-4000-8000-000000000001';

/** The kit's Runtime API: it reads requests and leaves every byte of an answer to the case. */
export interface ApiServer extends AsyncDisposable {
  readonly port: number;
  /** All requests in the order in which their heads came, but for those about extensions. */
  readonly requests: readonly ApiRequest[];
  /** Those about extensions, which it answers itself. */
  readonly extensionRequests: readonly ApiRequest[];
  readonly transcript: Transcript;
}

/**
 * Starts the server.
 *
 * @param watch told of every change
 * @param limitMs how long a case waits for a body
 * @param refusesExtensions whether it answers registrations with 403
 */
export async function startApiServer(
  watch: Watch,
  limitMs: number,
  refusesExtensions = false,
): Promise<ApiServer> {
  const requests: ApiRequest[] = [];
  const extensionRequests: ApiRequest[] = [];
  const connections = new Set<Socket>();
  const transcript = new Transcript();
  let count = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
    count += 1;
    connections.add(socket);
    const connection: ApiConnection = { number: count, socket, transcript, watch, limitMs, isCut: false };
    const reader = new RequestReader(connection, (request) => {
      if (request.path.startsWith(EXTENSION_PATH)) {
        extensionRequests.push(request);
        if (request.path.endsWith('/register')) answerRegistration(request, refusesExtensions);
      } else requests.push(request);
    });
    socket.on('data', (data: Buffer) => {
      transcript.add('bootstrap', connection.number, data);
      try {
        reader.push(data);
      } catch (error) {
        watch.fail(error as Error);
        socket.destroy();
      }
      watch.changed();
    });
    // A connection that breaks is no surprise here: what it cost, the case sees.
    socket.on('error', () => {});
    socket.on('close', () => {
      connections.delete(socket);
      reader.end();
      watch.changed();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    extensionRequests,
    transcript,
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A runtime may register itself as an extension; it then waits for an event that never comes. */
function answerRegistration(request: ApiRequest, isRefused: boolean): void {
  if (isRefused) {
    request.answer(403, { errorMessage: 'scripted', errorType: 'Extension.RegistrationClosed' });
    return;
  }
  const body = '{"functionName":"conformance","functionVersion":"$LATEST","handler":"function.handler"}';
  request.send(
    `HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: ${EXTENSION_ID}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
