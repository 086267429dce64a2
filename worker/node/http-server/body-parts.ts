import type { IncomingMessage } from 'node:http';
import { release } from '../../../runtime/http1/write-message.ts';

/** As much as one read brings. */
const ENOUGH_BYTES = 64 * 1024;

/**
 * The body of a server's answer. What waits is taken as one part, as it would be of the answer itself, but gives its
 * memory back at once: Node's parser makes new memory for each piece of each chunk, for the garbage collector to find.
 */
export class BodyParts implements AsyncIterable<Buffer> {
  readonly ownsParts = true;
  readonly #body: IncomingMessage;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isOver = false;
  #error: Error | undefined;
  #wake: () => void = () => {};

  /** @param body nobody else reads it; it is read from now on, up to a little ahead */
  constructor(body: IncomingMessage) {
    this.#body = body;
    body
      .on('data', (piece: Buffer) => this.#add(piece))
      .on('end', () => this.#end())
      .on('error', (error) => this.#end(error));
  }

  /** Rejects with Node's `ECONNRESET` when the server cuts the connection; to return early cuts it from here. */
  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return { next: () => this.#next(), return: () => this.#return() };
  }

  #add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= ENOUGH_BYTES) this.#body.pause();
    this.#wake();
  }

  #end(error?: Error): void {
    this.#isOver = true;
    this.#error = error;
    this.#wake();
  }

  async #next(): Promise<IteratorResult<Buffer>> {
    while (this.#bytes === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#bytes > 0) return { done: false, value: this.#take() };
    if (this.#error !== undefined) throw this.#error;
    return { done: true, value: undefined };
  }

  #take(): Buffer {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    this.#body.resume();
    if (pieces.length === 1) return pieces[0] as Buffer;
    const part = Buffer.concat(pieces);
    for (const piece of pieces) release(piece);
    return part;
  }

  async #return(): Promise<IteratorResult<Buffer>> {
    this.#body.destroy();
    this.#end();
    return { done: true, value: undefined };
  }
}
