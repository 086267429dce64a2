import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { BodyStream } from './incoming-body.ts';
import { ShortBody, type WholeBody } from './whole-body.ts';

/** Up to here a message is copied into one buffer: a write costs more than the copy. */
const ONE_BUFFER_BYTES = 64 * 1024;
/** The same for all messages that the system takes at once, which are nearly all: a fresh one costs more than filling it. */
let oneBuffer = Buffer.allocUnsafeSlow(ONE_BUFFER_BYTES);

/**
 * Writes a message with a body that is whole: a small one in a single write, a large one without a copy.
 *
 * @param socket where to
 * @param head start line and headers, each with its line end, without those that say where the body ends
 * @param body the body
 * @param next the head of another message without a body, up to and with its empty line, for the same write
 */
export function writeWhole(socket: Socket, head: string, body: WholeBody, next = ''): void {
  const start = `${head}Content-Length: ${body.length}\r\n\r\n`;
  if (body instanceof ShortBody) {
    socket.write(`${start}${body.latin1}${next}`, 'latin1');
    return;
  }
  // Heads are latin1, so a character is a byte.
  const bodyEnd = start.length + body.length;
  const bytes = bodyEnd + next.length;
  if (bytes > ONE_BUFFER_BYTES) {
    socket.cork();
    socket.write(start, 'latin1');
    socket.write(body);
    if (next !== '') socket.write(next, 'latin1');
    socket.uncork();
    return;
  }
  oneBuffer.write(start, 0, start.length, 'latin1');
  oneBuffer.set(body, start.length);
  if (next !== '') oneBuffer.write(next, bodyEnd, next.length, 'latin1');
  socket.write(oneBuffer.subarray(0, bytes));
  // The connection still needs it.
  if (socket.writableLength > 0) oneBuffer = Buffer.allocUnsafeSlow(ONE_BUFFER_BYTES);
}

/**
 * Writes a message with a body that is a stream, as it comes, and its trailers.
 *
 * @param socket where to
 * @param head as of `writeWhole`
 * @param body the body
 * @param bytes the length of the body; `undefined` when it is not known, and it is sent in chunks
 * @throws the stream's error, after which the connection is destroyed: half a message was sent
 */
export async function writeStream(
  socket: Socket,
  head: string,
  body: BodyStream,
  bytes: number | undefined,
): Promise<void> {
  const chunked = bytes === undefined;
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
  socket.write(`${head}${framing}\r\n\r\n`, 'latin1');
  try {
    for await (const part of body) {
      if (socket.destroyed) return;
      const written = body.ownsParts === true ? () => release(part) : undefined;
      const free = chunked ? writeChunk(socket, part, written) : socket.write(part);
      if (!free) await untilFree(socket);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
  if (chunked) writeLastChunk(socket, body.trailers);
}

/**
 * Writes a chunk.
 *
 * @param socket where to
 * @param part what is in it; nothing is written when it is empty, since that would be the last chunk
 * @param written told when the system has it, or never will
 * @returns false when the socket holds enough: the next one is to wait until it is free
 */
export function writeChunk(socket: Socket, part: Uint8Array, written?: () => void): boolean {
  if (part.length === 0) {
    written?.();
    return true;
  }
  socket.cork();
  socket.write(`${part.length.toString(16)}\r\n`, 'latin1');
  socket.write(part, written);
  const free = socket.write('\r\n', 'latin1');
  socket.uncork();
  return free;
}

/**
 * Gives memory back at once: of a long stream, the collector would let tens of megabytes gather.
 *
 * @param part which nobody uses any more; without an effect when it shares its memory with others
 */
export function release({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

/**
 * Ends a body in chunks.
 *
 * @param socket where to
 * @param trailers trailer lines, each with its line end
 */
export function writeLastChunk(socket: Socket, trailers = ''): void {
  if (trailers === '') socket.write('0\r\n\r\n', 'latin1');
  else socket.write(`0\r\n${trailers}\r\n`, 'latin1');
}

/**
 * Waits until all that was written has been handed to the system.
 *
 * @param socket what was written to, not yet ended; nothing is waited for once it is closed
 */
export async function untilWritten(socket: Socket): Promise<void> {
  if (socket.writableLength === 0 || socket.destroyed) return;
  // No 'drain' comes when no write returned false; of the connections that do not say so, it is waited for.
  if (socket.writableNeedDrain !== false) await untilFree(socket);
  else await new Promise<void>((resolve) => socket.write('', 'latin1', () => resolve()));
}

async function untilFree(socket: Socket): Promise<void> {
  const either = new AbortController();
  try {
    await Promise.race([once(socket, 'drain', either), once(socket, 'close', either)]);
  } catch {
    // An error of the connection, which is closed then.
  } finally {
    either.abort();
  }
}
