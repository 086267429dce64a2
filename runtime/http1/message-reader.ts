import { ChunkReader } from './chunk-reader.ts';
import { FramingError } from './framing-error.ts';
import { ANSWER_START, type Head, parseHead, startLineInvalid } from './head.ts';
import { HeadShapes } from './head-shapes.ts';
import type { WholeBody } from './whole-body.ts';

/** What a reader tells; each message is one head, any number of data, one end, or all of them at once. */
export interface MessageEvents {
  /**
   * Where it is given, told of a message whose head and body arrived together and end there, instead of the others.
   *
   * @param body a buffer is a view, valid during the call only
   */
  onWhole?(head: Head, body: WholeBody): void;
  onHead(head: Head): void;
  /** A part of the body: a view, valid during the call only. */
  onData(data: Buffer): void;
  /** @param trailers trailer lines, each with its line end; empty without any */
  onEnd(trailers: string): void;
}

const EMPTY_LINE = Buffer.from('\r\n\r\n');

/**
 * Reads the messages of one direction of a connection, however the bytes are split. Bytes that arrive together, as
 * those of a small message do, are read without a copy.
 */
export class MessageReader {
  readonly #kind: 'request' | 'answer';
  readonly #events: MessageEvents;
  readonly #maxHeadBytes: number;
  readonly #shapes = new HeadShapes();
  #pending: Buffer | undefined;
  #head: Head | undefined;
  #left = 0;
  #chunks: ChunkReader | undefined;

  /**
   * @param kind which direction
   * @param events what is told
   * @param maxHeadBytes the most that a head, or trailers, may take
   */
  constructor(kind: 'request' | 'answer', events: MessageEvents, maxHeadBytes: number) {
    this.#kind = kind;
    this.#events = events;
    this.#maxHeadBytes = maxHeadBytes;
  }

  /** Whether no message is under way: the connection may end, or be used again, without a loss. */
  get idle(): boolean {
    return this.#head === undefined && this.#pending === undefined;
  }

  /**
   * Takes bytes as they came.
   *
   * @param bytes where they lie, from the beginning
   * @param to behind the last of them
   * @throws {FramingError} when they are no message; nothing more can be read from this connection
   */
  feed(bytes: Buffer, to = bytes.length): void {
    let from = 0;
    while (from < to) {
      from = this.#head === undefined ? this.#feedHead(bytes, from, to) : this.#feedBody(bytes, from, to);
    }
  }

  /**
   * Takes the end of the connection.
   *
   * @throws {FramingError} `TRUNCATED` when it came within a message
   */
  end(): void {
    if (this.#head?.bodyEnd.kind === 'close') this.#finish('');
    if (!this.idle)
      throw new FramingError('TRUNCATED', 'Cannot read a message to its end: the connection was closed');
  }

  #feedHead(chunk: Buffer, from: number, to: number): number {
    const pending = this.#pending;
    const known = pending === undefined ? this.#shapes.match(chunk, from, to) : undefined;
    if (known !== undefined && known.bytes <= this.#maxHeadBytes) {
      const body = this.#events.onWhole && known.shortBody();
      if (body === undefined) return this.#begin(known, chunk, from + known.bytes, to);
      this.#events.onWhole?.(known, body);
      return from + known.bytes + body.length;
    }
    const bytes =
      pending === undefined ? chunk.subarray(0, to) : Buffer.concat([pending, chunk.subarray(from, to)]);
    const start = pending === undefined ? from : 0;
    // The empty line may have begun in what was read before.
    const searched = pending === undefined ? from : Math.max(0, pending.length - (EMPTY_LINE.length - 1));
    const end = bytes.indexOf(EMPTY_LINE, searched);
    if ((end === -1 ? bytes.length : end) - start > this.#maxHeadBytes) {
      this.#checkStart(bytes, start);
      throw new FramingError('HEAD_TOO_LARGE', `Cannot read a head of more than ${this.#maxHeadBytes} bytes`);
    }
    if (end === -1) {
      this.#checkStart(bytes, start);
      // Copied, because the caller may use the same buffer for its next read.
      this.#pending = Buffer.from(bytes.subarray(start));
      return to;
    }
    this.#pending = undefined;
    const consumed = to - (bytes.length - end - EMPTY_LINE.length);
    const text = bytes.toString('latin1', start, end);
    const head = parseHead(text, this.#kind);
    this.#shapes.learn(text, head);
    return this.#begin(head, chunk, consumed, to);
  }

  /** What is no answer may never have an empty line, and would be waited for. */
  #checkStart(bytes: Buffer, start: number): void {
    if (this.#kind !== 'answer') return;
    const begin = bytes.toString('latin1', start, start + ANSWER_START.length);
    if (!ANSWER_START.startsWith(begin)) throw startLineInvalid(bytes.toString('latin1', start, start + 100));
  }

  /** Takes a head, and the body with it where that is all there; returns where the rest begins. */
  #begin(head: Head, chunk: Buffer, from: number, to: number): number {
    // 100 Continue and its like announce the real answer.
    if (head.status >= 100 && head.status < 200) return from;
    const { bodyEnd } = head;
    const end = bodyEnd.kind === 'length' ? from + bodyEnd.bytes : Number.POSITIVE_INFINITY;
    if (this.#events.onWhole !== undefined && end <= to) {
      this.#events.onWhole(head, chunk.subarray(from, end));
      return end;
    }
    this.#head = head;
    this.#left = end - from;
    this.#chunks = bodyEnd.kind === 'chunked' ? new ChunkReader(this.#maxHeadBytes) : undefined;
    this.#events.onHead(head);
    if (this.#left === 0) this.#finish('');
    return from;
  }

  #feedBody(bytes: Buffer, from: number, to: number): number {
    if (this.#chunks !== undefined) {
      const end = this.#chunks.feed(bytes, from, to, (data) => this.#events.onData(data));
      if (this.#chunks.done) this.#finish(this.#chunks.trailers);
      return end;
    }
    const end = Math.min(to, from + this.#left);
    this.#events.onData(bytes.subarray(from, end));
    this.#left -= end - from;
    if (this.#left === 0) this.#finish('');
    return end;
  }

  #finish(trailers: string): void {
    this.#head = undefined;
    this.#chunks = undefined;
    this.#events.onEnd(trailers);
  }
}
