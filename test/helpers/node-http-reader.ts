import { createServer, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A message as a reader understood it, or the code of its refusal. */
export type ReadMessage =
  | {
      readonly start: string;
      /** Name and value of each header that is not about the connection. */
      readonly headers: string;
      readonly body: string;
      readonly trailers: string;
    }
  | { readonly refused: string };

/** Headers that our reader takes away. */
const PER_CONNECTION = new Set(
  'connection content-length date expect host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

const TURNS = 20;

/**
 * Lets `node:http` read one message.
 *
 * @param kind of the message
 * @param pieces its bytes, after which the connection ends
 */
export function readByNodeHttp(kind: 'request' | 'answer', pieces: readonly Buffer[]): Promise<ReadMessage> {
  return new Promise((resolve) => {
    const side = new Side();
    const refuse = (error: NodeJS.ErrnoException) => resolve({ refused: error.code ?? error.message });
    const read = (message: IncomingMessage) => {
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('error', refuse);
      message.on('end', () =>
        resolve({
          start: kind === 'request' ? `${message.method} ${message.url}` : String(message.statusCode),
          headers: headerText(message.rawHeaders),
          body: Buffer.concat(parts).toString('latin1'),
          trailers: headerText(message.rawTrailers),
        }),
      );
    };
    if (kind === 'request') {
      const server = createServer({ keepAliveTimeout: 0, requireHostHeader: false }, read);
      for (const event of ['checkContinue', 'checkExpectation', 'upgrade']) server.on(event, read);
      server.on('clientError', refuse);
      server.emit('connection', side);
    } else {
      const sent = request({ createConnection: () => side as unknown as Socket, method: 'POST' }, read);
      sent.on('error', refuse);
      sent.on('upgrade', () => resolve({ refused: 'UPGRADE' }));
      sent.end();
    }
    for (const piece of pieces) side.push(Buffer.from(piece));
    side.push(null);
    // All happens in memory: what was not told after some turns will never be.
    afterTurns(TURNS, () => resolve({ refused: 'NO_VERDICT' }));
  });
}

function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns > 1 ? afterTurns(turns - 1, then) : then()));
}

/**
 * Header lines without those about the connection, as one text to compare.
 *
 * @param raw names and values in turn
 */
export function headerText(raw: readonly string[]): string {
  let text = '';
  for (let index = 0; index < raw.length; index += 2) {
    if (!PER_CONNECTION.has(String(raw[index]).toLowerCase())) text += `${raw[index]}:${raw[index + 1]}\n`;
  }
  return text;
}

/** One side of a connection that leads nowhere; what is pushed is what the other side would have sent. */
class Side extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
  // What node:http asks of a socket.
  setTimeout = () => this;
  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;
}
