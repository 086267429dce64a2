import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterTurns, MemorySide } from './memory-side.ts';
import { headerText, type MessageKind, type ReadMessage, type ReadStream } from './read-message.ts';

/** All happens in memory: what was not told after these will never be. */
const TURNS = 20;

/**
 * Lets `node:http` read streams, all at once: its server all requests of each, its client the first answer, because
 * it knows no second one on a connection it was given.
 *
 * @param kind of the messages
 * @param streams the bytes of each connection, after which it ends
 */
export async function readByNodeHttp(
  kind: MessageKind,
  streams: readonly Buffer[],
): Promise<readonly ReadStream[]> {
  const readers = streams.map(() => new Reader(kind));
  const server =
    kind === 'request' ? serve(new Map(readers.map((reader) => [reader.side, reader]))) : undefined;
  for (const [index, reader] of readers.entries()) {
    if (server === undefined) receive(reader);
    else server.emit('connection', reader.side);
    reader.side.push(streams[index]);
    reader.side.push(null);
  }
  await afterTurns(TURNS);
  server?.closeAllConnections();
  for (const { side } of readers) side.destroy();
  return readers.map(({ messages, refused }) => ({ messages, refused }));
}

class Reader {
  readonly side = new MemorySide();
  readonly messages: ReadMessage[] = [];
  refused: string | undefined;
  readonly #kind: MessageKind;

  constructor(kind: MessageKind) {
    this.#kind = kind;
  }

  read(message: IncomingMessage): void {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('error', (error) => this.refuse(error));
    message.on('end', () =>
      this.messages.push({
        start: this.#kind === 'request' ? `${message.method} ${message.url}` : String(message.statusCode),
        headers: headerText(message.rawHeaders),
        body: Buffer.concat(parts).toString('latin1'),
        trailers: headerText(message.rawTrailers),
      }),
    );
  }

  refuse({ code, message }: NodeJS.ErrnoException): void {
    this.refused ??= code ?? message;
  }
}

function serve(readers: ReadonlyMap<unknown, Reader>): Server {
  const read = (message: IncomingMessage) => readers.get(message.socket)?.read(message);
  const server = createServer(
    { keepAliveTimeout: 0, requireHostHeader: false, joinDuplicateHeaders: true },
    read,
  );
  for (const event of ['checkContinue', 'checkExpectation', 'upgrade']) server.on(event, read);
  return server.on('clientError', (error, side) => readers.get(side)?.refuse(error));
}

function receive(reader: Reader): void {
  const createConnection = () => reader.side as unknown as Socket;
  const sent = request({ createConnection, method: 'POST' }, (answer) => reader.read(answer));
  sent.on('error', (error) => reader.refuse(error));
  sent.on('upgrade', () => reader.refuse(new Error('UPGRADE')));
  sent.end();
}
