import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** Up to here head and body are copied into one buffer: a write costs more than the copy. */
const ONE_BUFFER_BYTES = 64 * 1024;

/**
 * Writes a message with a body that is whole: a small one in a single write, a large one without a copy.
 *
 * @param socket where to
 * @param head start line and headers, each with its line end, without those that say where the body ends
 * @param body the body
 * @param next the head of another message without a body, up to and with its empty line, for the same write
 */
export function writeWhole(socket: Socket, head: string, body: Buffer, next = ''): void {
  const start = `${head}Content-Length: ${body.length}\r\n\r\n`;
  if (body.length > ONE_BUFFER_BYTES) {
    socket.cork();
    socket.write(start, 'latin1');
    socket.write(body);
    if (next !== '') socket.write(next, 'latin1');
    socket.uncork();
    return;
  }
  // Heads are latin1, so a character is a byte.
  const bodyEnd = start.length + body.length;
  const message = Buffer.allocUnsafe(bodyEnd + next.length);
  message.write(start, 'latin1');
  message.set(body, start.length);
  if (next !== '') message.write(next, bodyEnd, 'latin1');
  socket.write(message);
}

/**
 * Writes a message with a body that is a stream, as it comes.
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
  body: Readable,
  bytes: number | undefined,
): Promise<void> {
  const chunked = bytes === undefined;
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
  socket.write(`${head}${framing}\r\n\r\n`, 'latin1');
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      if (socket.destroyed) return;
      const free = chunked ? writeChunk(socket, part) : socket.write(part);
      if (!free) await untilFree(socket);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
  if (chunked) socket.write('0\r\n\r\n', 'latin1');
}

function writeChunk(socket: Socket, part: Buffer): boolean {
  socket.cork();
  socket.write(`${part.length.toString(16)}\r\n`, 'latin1');
  socket.write(part);
  const free = socket.write('\r\n', 'latin1');
  socket.uncork();
  return free;
}

/**
 * Waits until all that was written has been handed to the system.
 *
 * @param socket what was written to; nothing is waited for once it is closed
 */
export async function untilWritten(socket: Socket): Promise<void> {
  if (socket.writableLength > 0 && !socket.destroyed) await untilFree(socket);
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
