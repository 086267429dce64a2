import { Writable } from 'node:stream';
import type { Outgoing } from './outgoing.ts';
import { toBytes } from './to-bytes.ts';

type Done = (error?: Error | null) => void;

/** Up to here chunks wait together as copies, to leave in one write; of a larger one the system is to have all first. */
const COPIED_BYTES = 4096;

/** The second argument of a handler that writes its result. What is neither text nor bytes is written as JSON. */
export class ResponseStream extends Writable {
  readonly #outgoing: Outgoing;

  /**
   * @param outgoing where the parts go
   * @param highWaterMark the bytes it may hold before `write` returns false
   */
  constructor(outgoing: Outgoing, highWaterMark: number | undefined) {
    super({ decodeStrings: true, ...(highWaterMark !== undefined && { highWaterMark }) });
    this.#outgoing = outgoing;
  }

  /** Throws a HostError `Runtime.InvalidStreamingOperation` after the first byte. */
  setContentType(type: string): void {
    this.#outgoing.contentType = type;
  }

  /** Called by `awslambda.HttpResponseStream.from`. */
  setPrelude(prelude: unknown): void {
    this.#outgoing.prelude = prelude;
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const part = writable(chunk);
    return typeof encoding === 'string'
      ? super.write(part, encoding, done)
      : super.write(part, encoding ?? done);
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | Done, done?: Done): this {
    if (typeof chunk === 'function') return super.end(chunk as Done);
    const part = chunk === undefined || chunk === null ? undefined : writable(chunk);
    return typeof encoding === 'string' ? super.end(part, encoding, done) : super.end(part, encoding ?? done);
  }

  /** Who is told that it is done may write other bytes into the same memory. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (chunk.length > COPIED_BYTES) void this.#outgoing.send(chunk).then(() => done());
    else if (this.#outgoing.write(Buffer.from(chunk))) done();
    else void this.#outgoing.free().then(() => done());
  }
}

/** Texts are left to the stream, which knows their encoding. */
function writable(chunk: unknown): string | Uint8Array {
  return typeof chunk === 'string' ? chunk : toBytes(chunk);
}
