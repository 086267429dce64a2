import { Readable } from 'node:stream';
import type { Head } from './head.ts';
import type { WholeBody } from './whole-body.ts';

/** A body that is read once, as it comes, and of which little is held at a time. */
export interface BodyStream extends AsyncIterable<Buffer> {
  /** Trailer lines, each with its line end; complete when the body has ended. */
  readonly trailers?: string;
  /** What it broke off with, if it did. */
  readonly errored?: Error | null;
  /** Whether nobody else uses the memory of its parts. */
  readonly ownsParts?: boolean;
  /** Lets go what was not read. */
  destroy(): void;
}

/** A body: whole, or a stream. */
export type Body = WholeBody | BodyStream;

/** A body that came. */
class IncomingStream extends Readable {
  trailers = '';
  readonly ownsParts = true;
}

/** An answer as it came. */
export interface Incoming {
  readonly head: Head;
  readonly body: WholeBody | IncomingStream;
}

/** Stops and continues a connection, for a reader that is slower. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Ends the connection when nobody wants the rest of a body. Absent: it is read over, the next message is behind it. */
  abandon?(): void;
}

/** As the most bytes of a whole body: each is a stream, from its head on. */
export const NEVER_WHOLE = -1;

/** More than any event or result: what a length promises beyond it gets its memory when it comes. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

/** Gathers one message's body as it comes, and hands it over whole, or as a stream when it is large. */
export class IncomingBody {
  readonly #head: Head;
  readonly #maxWholeBytes: number;
  readonly #flow: Flow;
  readonly #handOver: (incoming: Incoming) => void;
  /** The body itself where its length is known, else what came so far. */
  #gathered: Buffer;
  #bytes = 0;
  #stream: IncomingStream | undefined;
  #isOver = false;

  /**
   * @param head the message's head
   * @param maxWholeBytes a body above it becomes a stream
   * @param flow of the connection
   * @param handOver called once
   */
  constructor(head: Head, maxWholeBytes: number, flow: Flow, handOver: (incoming: Incoming) => void) {
    this.#head = head;
    this.#maxWholeBytes = maxWholeBytes;
    this.#flow = flow;
    this.#handOver = handOver;
    const known = head.bodyEnd.kind === 'length' ? head.bodyEnd.bytes : 0;
    this.#gathered = Buffer.allocUnsafe(known > maxWholeBytes ? 0 : Math.min(known, MAX_AHEAD_BYTES));
    if (known > maxWholeBytes) this.#startStream();
  }

  /** Takes a view of bytes that is valid during the call only. */
  add(data: Buffer): void {
    if (this.#stream !== undefined) {
      // A reader that gave up leaves the rest to be read over: the next message comes after it.
      if (!this.#stream.destroyed && !this.#stream.push(Buffer.from(data))) this.#flow.pause();
      return;
    }
    const bytes = this.#bytes + data.length;
    if (bytes > this.#gathered.length) this.#grow(bytes);
    data.copy(this.#gathered, this.#bytes);
    this.#bytes = bytes;
    if (bytes > this.#maxWholeBytes) this.#startStream();
  }

  end(trailers = ''): void {
    this.#isOver = true;
    if (this.#stream === undefined) this.#give(this.#gathered.subarray(0, this.#bytes));
    else if (!this.#stream.destroyed) {
      this.#stream.trailers = trailers;
      this.#stream.push(null);
    }
  }

  /** The connection broke: a stream that was handed over fails. */
  fail(error: Error): void {
    this.#stream?.destroy(error);
  }

  /** Twice as much as needed, so that a chunked body is copied a few times at most. */
  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(2 * bytes);
    this.#gathered.copy(larger, 0, 0, this.#bytes);
    this.#gathered = larger;
  }

  #startStream(): void {
    const stream = new IncomingStream({
      // Part by part: Node would copy what waits into one buffer.
      ...(this.#maxWholeBytes === NEVER_WHOLE && { objectMode: true, highWaterMark: 2 }),
      read: () => this.#flow.resume(),
      destroy: (error, done) => {
        if (this.#isOver || this.#flow.abandon === undefined) this.#flow.resume();
        else this.#flow.abandon();
        done(error);
      },
    });
    // The connection may break before anybody reads, who is told then; an error that nobody hears ends the process.
    stream.on('error', () => {});
    this.#stream = stream;
    if (this.#bytes > 0) stream.push(this.#gathered.subarray(0, this.#bytes));
    this.#gathered = Buffer.alloc(0);
    this.#give(stream);
  }

  #give(body: Incoming['body']): void {
    this.#handOver({ head: this.#head, body });
  }
}
