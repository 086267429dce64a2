import type { Socket } from 'node:net';
import { type WriteBody, writeInParts } from './chunk-writer.ts';
import { FramingError } from './framing-error.ts';
import type { Head } from './head.ts';
import { IncomingBody } from './incoming-body.ts';
import { MessageReader } from './message-reader.ts';
import { keep, type WholeBody } from './whole-body.ts';
import { untilWritten, writeWhole } from './write-message.ts';

/** An answer to a request. */
export interface ServerAnswer {
  readonly status: number;
  /** Header lines, each with its line end, without those that say where the body ends. */
  readonly lines: string;
  /** Whole, or what writes it part by part. */
  readonly body: WholeBody | WriteBody;
}

interface Request {
  readonly head: Head;
  readonly body: WholeBody;
}

/** Answers a request, at once or later, by calling `respond` once. */
export type Serve = (head: Head, body: WholeBody, respond: (answer: ServerAnswer) => void) => void;

/**
 * Serves the requests of one connection, each when the one before it was answered. There is no limit of time; what is
 * not HTTP is answered with 400, and the connection ends.
 *
 * @param socket the connection; its reader is the caller
 * @param maxHeadBytes the most that the head of a request may take
 * @param serve answers a request
 * @param onAnswered told when an answer was handed to the system, or nobody is left to get it
 * @returns takes what was read from the connection: the first so many bytes of a buffer, all of them unless said, which
 *   need be valid during the call only
 */
export function serveConnection(
  socket: Socket,
  maxHeadBytes: number,
  serve: Serve,
  onAnswered: () => void,
): (buffer: Buffer, bytes?: number) => void {
  const waiting: Request[] = [];
  let isServing = false;
  let body: IncomingBody | undefined;
  let isLast = false;
  let isBroken = false;

  const serveNext = () => {
    const request = waiting.shift();
    isServing = request !== undefined;
    if (request === undefined) return;
    serve(request.head, request.body, ({ status, lines, body: answerBody }) => {
      const startLine = status < 400 ? `HTTP/1.1 ${status} OK` : `HTTP/1.1 ${status} Error`;
      const head = `${startLine}\r\n${lines}`;
      if (typeof answerBody === 'function') {
        writeInParts(socket, head, answerBody, () => endAnswer(request));
        return;
      }
      writeWhole(socket, head, answerBody);
      endAnswer(request);
    });
  };
  const endAnswer = (request: Request) => {
    if (socket.writableLength === 0) onAnswered();
    else void untilWritten(socket).then(onAnswered);
    if (!request.head.keepAlive) socket.end();
    serveNext();
  };
  const take = (head: Head, whole: WholeBody) => {
    waiting.push({ head, body: whole });
    if (!isServing) serveNext();
  };
  const reader = new MessageReader(
    'request',
    {
      onWhole: (head, whole) => {
        if (!isLast) take(head, keep(whole));
        isLast ||= !head.keepAlive;
      },
      onHead: (head) => {
        // What comes after the request that ends the connection is not for us (RFC 9112, 9.6).
        const isOurs = !isLast;
        isLast ||= !head.keepAlive;
        body = isOurs
          ? new IncomingBody(head, Number.POSITIVE_INFINITY, socket, (incoming) =>
              take(head, incoming.body as WholeBody),
            )
          : undefined;
      },
      onData: (data) => body?.add(data),
      onEnd: () => body?.end(),
    },
    maxHeadBytes,
  );

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  return (buffer, bytes) => {
    // After what is not HTTP nobody knows where the next message would begin.
    if (isBroken) return;
    try {
      reader.feed(buffer, bytes);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      isBroken = true;
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
  };
}
