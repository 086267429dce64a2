import type { Socket } from 'node:net';
import { FramingError } from './framing-error.ts';
import type { Head } from './head.ts';
import { IncomingBody } from './incoming-body.ts';
import { MessageReader } from './message-reader.ts';
import { untilWritten, writeWhole } from './write-message.ts';

/** An answer to a request. */
export interface ServerAnswer {
  readonly status: number;
  /** Header lines, each with its line end, without those that say where the body ends. */
  readonly lines: string;
  readonly body: Buffer;
}

/**
 * Serves the requests of one connection, each when the one before it was answered. There is no limit of time; what is
 * not HTTP is answered with 400, and the connection ends.
 *
 * @param socket the connection
 * @param maxHeadBytes the most that the head of a request may take
 * @param handle answers a request; its promise never rejects and settles once the answer is known
 * @param onAnswered told when an answer was handed to the system, or nobody is left to get it
 */
export function serveConnection(
  socket: Socket,
  maxHeadBytes: number,
  handle: (head: Head, body: Buffer) => Promise<ServerAnswer>,
  onAnswered: () => void,
): void {
  let last: Promise<void> = Promise.resolve();
  let body: IncomingBody | undefined;
  let isLast = false;

  const answer = async (head: Head, whole: Buffer) => {
    const { status, lines, body: answerBody } = await handle(head, whole);
    writeWhole(socket, `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\n${lines}`, answerBody);
    if (!head.keepAlive) socket.end();
    await untilWritten(socket);
    onAnswered();
  };
  const reader = new MessageReader(
    'request',
    {
      onHead: (head) => {
        body = undefined;
        // What comes after the request that ends the connection is not for us (RFC 9112, 9.6).
        if (isLast) return;
        isLast = !head.keepAlive;
        body = new IncomingBody(head, Number.POSITIVE_INFINITY, socket, (incoming) => {
          const before = last;
          last = before.then(() => answer(head, incoming.body as Buffer));
        });
      },
      onData: (data) => body?.add(data),
      onEnd: () => body?.end(),
    },
    maxHeadBytes,
  );

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const read = (bytes: Buffer) => {
    try {
      reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      // Where the next message would begin is not known: what still comes is let go.
      socket.off('data', read).resume();
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
  };
  socket.on('data', read);
}
