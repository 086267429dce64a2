import { connect, type Socket, type SocketConnectOpts } from 'node:net';
import type { Head } from './head.ts';
import {
  type Body,
  type BodyStream,
  type Flow,
  type Incoming,
  IncomingBody,
  NEVER_WHOLE,
} from './incoming-body.ts';
import { MessageReader } from './message-reader.ts';
import { bytesOf, isWhole, keep, type WholeBody } from './whole-body.ts';
import { writeStream, writeWhole } from './write-message.ts';

/** Large enough for a small message in one read and a large one in few. */
const READ_BYTES = 64 * 1024;

/** Where a connection goes, and what it takes. */
export interface ClientOptions {
  readonly target: SocketConnectOpts;
  /** The most that the head of an answer may take. */
  readonly maxHeadBytes: number;
  /** A body above it becomes a stream. */
  readonly maxWholeBytes: number;
  /** Whether an answer in chunks with these header lines is a stream, whatever its size. */
  readonly isStream?: ((lines: string) => boolean) | undefined;
}

/** Who waits for an answer: told once, of either. */
export interface Exchange {
  onAnswer(answer: Incoming): void;
  onError(error: Error): void;
}

/**
 * A connection to one server, opened when first needed, kept open, and opened anew after it was lost. Requests are
 * answered in the order in which they were sent.
 */
export class ClientConnection {
  readonly #options: ClientOptions;
  #link: Link | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a request. There is no limit of time.
   *
   * @param head request line and headers, each with its line end, without those that say where the body ends
   * @param body the body
   * @param streamBytes the length of a body that is a stream, where it is known
   * @param exchange told of the answer, or of a `FramingError` when it is not HTTP, or of a system error when the
   *   connection is lost before it; never within this call
   */
  send(head: string, body: Body, streamBytes: number | undefined, exchange: Exchange): void {
    this.#open().send(head, body, streamBytes, exchange);
  }

  /**
   * Sends two requests in one write, the second without waiting for the answer to the first.
   *
   * @param head as of `send`, of the first request
   * @param body the first request's body
   * @param exchange of the first request
   * @param secondHead as of `send`, of the second request, which has no body
   * @param second of the second request
   */
  sendBoth(head: string, body: WholeBody, exchange: Exchange, secondHead: string, second: Exchange): void {
    this.#open().sendBoth(head, body, exchange, secondHead, second);
  }

  /** Opens the connection before there is a request for it. */
  open(): void {
    this.#open();
  }

  #open(): Link {
    if (this.#link === undefined || this.#link.closed) this.#link = new Link(this.#options);
    return this.#link;
  }

  /** Closes the connection; requests that wait are told. */
  close(): void {
    this.#link?.close(new Error('The connection was closed on this side'));
  }
}

/** One socket's life. */
class Link {
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #waiting: Exchange[] = [];
  #body: IncomingBody | undefined;
  /** Whose answer has begun and is not handed over yet. */
  #gathering: Exchange | undefined;
  #keepAlive = true;
  /** Whether a request's stream is still being written. */
  #isWriting = false;

  constructor({ target, maxHeadBytes, maxWholeBytes, isStream }: ClientOptions) {
    const onHead = (head: Head) => {
      this.#keepAlive = head.keepAlive && !this.#isWriting;
      const exchange = this.#waiting.shift();
      // Nobody asked: the other side is out of step, and so would every later answer be.
      if (exchange === undefined) this.close(new Error('The other side answered without a request'));
      else {
        this.#gathering = exchange;
        const isStreamed = head.bodyEnd.kind === 'chunked' && isStream?.(head.lines) === true;
        const flow = isStreamed ? this.#flow() : this.#socket;
        this.#body = new IncomingBody(head, isStreamed ? NEVER_WHOLE : maxWholeBytes, flow, (answer) => {
          this.#gathering = undefined;
          exchange.onAnswer(answer);
        });
      }
    };
    const onData = (data: Buffer) => this.#body?.add(data);
    const onEnd = (trailers: string) => this.#endAnswer(trailers);
    const onWhole = (head: Head, body: WholeBody) => {
      if (body.length <= maxWholeBytes && this.#waiting.length > 0) this.#takeWhole(head, body);
      else {
        onHead(head);
        onData(bytesOf(body));
        onEnd('');
      }
    };
    const events = { onWhole, onHead, onData, onEnd };
    this.#reader = new MessageReader('answer', events, maxHeadBytes);
    this.#socket = connect({
      ...target,
      // One buffer for all reads; a fresh one of 64 KiB for each would cost more than reading it.
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (bytes, buffer) => this.#read(buffer as Buffer, bytes),
      },
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error) => this.close(error));
    this.#socket.on('end', () => this.#takeEnd());
    this.#socket.on('close', () => this.close(connectionLost()));
  }

  get closed(): boolean {
    return this.#socket.destroyed || !this.#socket.writable || !this.#keepAlive;
  }

  send(head: string, body: Body, streamBytes: number | undefined, exchange: Exchange): void {
    this.#waiting.push(exchange);
    if (isWhole(body)) writeWhole(this.#socket, head, body);
    else this.#sendStream(head, body, streamBytes);
  }

  #sendStream(head: string, body: BodyStream, streamBytes: number | undefined): void {
    this.#isWriting = true;
    const written = () => {
      this.#isWriting = false;
    };
    writeStream(this.#socket, head, body, streamBytes).then(written, (error: Error) => this.close(error));
  }

  sendBoth(head: string, body: WholeBody, exchange: Exchange, secondHead: string, second: Exchange): void {
    this.#waiting.push(exchange, second);
    writeWhole(this.#socket, head, body, `${secondHead}\r\n`);
  }

  close(error: Error): void {
    this.#socket.destroy();
    this.#body?.fail(error);
    this.#body = undefined;
    const untold = this.#waiting.splice(0);
    if (this.#gathering !== undefined) untold.unshift(this.#gathering);
    this.#gathering = undefined;
    for (const exchange of untold) exchange.onError(error);
  }

  #read(buffer: Buffer, bytes: number): boolean {
    try {
      this.#reader.feed(buffer, bytes);
    } catch (error) {
      this.close(error as Error);
    }
    return true;
  }

  /** The way of nearly all answers. */
  #takeWhole(head: Head, body: WholeBody): void {
    // An answer before the end of its request: the other side has seen enough, the rest would stand before the next.
    this.#keepAlive = head.keepAlive && !this.#isWriting;
    this.#waiting.shift()?.onAnswer({ head, body: keep(body) });
    if (!this.#keepAlive) this.close(connectionLost());
  }

  /** A stream that its reader lets go ends the connection: its writer may never come to an end by itself. */
  #flow(): Flow {
    return {
      pause: () => this.#socket.pause(),
      resume: () => this.#socket.resume(),
      abandon: () => this.close(new Error('The answer was let go')),
    };
  }

  #endAnswer(trailers: string): void {
    const body = this.#body;
    this.#body = undefined;
    body?.end(trailers);
    if (!this.#keepAlive) this.close(connectionLost());
  }

  #takeEnd(): void {
    try {
      this.#reader.end();
    } catch (error) {
      this.close(error as Error);
    }
  }
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection was closed by the other side'), { code: 'ECONNRESET' });
}
