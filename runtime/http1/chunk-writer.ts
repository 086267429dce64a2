import type { Socket } from 'node:net';
import { untilWritten, writeChunk, writeLastChunk } from './write-message.ts';

/** Writes a body part by part; it gets the writer once, and may keep it. */
export type WriteBody = (writer: ChunkWriter) => void;

/** The body of one answer while it is written. */
export class ChunkWriter {
  /** Told when the other side is gone before the end. */
  onGone: () => void = () => {};
  readonly #socket: Socket;
  readonly #overs: (() => void)[] = [];
  #isOver = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    if (socket.closed) process.nextTick(this.#takeClose);
    else socket.once('close', this.#takeClose);
  }

  /**
   * Writes a part at once.
   *
   * @param part what is written, unless the body is over
   * @param written told when the system has it, or never will
   * @returns false when the next one is to wait for `free()`
   */
  write(part: Uint8Array, written?: () => void): boolean {
    if (!this.#isOver) return writeChunk(this.#socket, part, written);
    written?.();
    return true;
  }

  /** Resolves when what was written has been handed to the system, or nobody is left to get it. */
  async free(): Promise<void> {
    // A connection that broke is closed a turn later; a writer that went on would never let that turn come.
    if (this.#socket.errored || this.#socket.destroyed)
      await new Promise<void>((resolve) => this.whenOver(resolve));
    else await untilWritten(this.#socket);
  }

  /** @param trailers trailer lines, each with its line end */
  end(trailers: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.off('close', this.#takeClose);
    writeLastChunk(this.#socket, trailers);
    this.#tell();
  }

  /** Has somebody told when all was written, or the connection is gone. */
  whenOver(callback: () => void): void {
    if (this.#isOver) callback();
    else this.#overs.push(callback);
  }

  readonly #takeClose = () => {
    this.#isOver = true;
    this.onGone();
    this.#tell();
  };

  #tell(): void {
    for (const over of this.#overs) over();
  }
}

/**
 * Writes an answer in chunks, the first part in one write with the head if it is there.
 *
 * @param socket where to
 * @param head start line and headers, each with its line end, without those that say where the body ends
 * @param body writes the parts
 * @param onOver told when all was written, or the connection is gone
 */
export function writeInParts(socket: Socket, head: string, body: WriteBody, onOver: () => void): void {
  const writer = new ChunkWriter(socket);
  socket.cork();
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'latin1');
  body(writer);
  writer.whenOver(onOver);
  socket.uncork();
}
