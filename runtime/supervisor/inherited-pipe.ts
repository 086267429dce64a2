import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';

/** What Bun has beside Node's modules. */
interface BunGlobal {
  file(fd: number): { stream(): AsyncIterable<Uint8Array> };
}
const { Bun: bun } = globalThis as { readonly Bun?: BunGlobal };

/** This side's end of a pipe to a worker. */
export interface PipeWriter {
  write(text: string): void;
  close(): void;
}

/**
 * Reads a pipe that this process was given, without keeping a thread waiting for it.
 *
 * @param fd its descriptor
 */
export function readPipe(fd: number): Readable {
  // Bun's sockets hear nothing of a pipe, and each of its file streams would hold up one of the few threads of its pool.
  if (bun !== undefined) return Readable.from(parts(bun.file(fd).stream()), { objectMode: false });
  return new Socket({ fd, readable: true, writable: false });
}

/**
 * Takes the writing end of a pipe that this process was given. Whoever reads may have ended: that is told elsewhere.
 *
 * @param fd its descriptor
 */
export function writePipe(fd: number): PipeWriter {
  if (process.versions.deno !== undefined) return writeSocket(fd);
  return {
    write(text) {
      try {
        writeSync(fd, text);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      }
    },
    close: () => closeSync(fd),
  };
}

/** Deno's `node:fs` numbers what it opened itself: what the system calls 5 may be another file there. */
function writeSocket(fd: number): PipeWriter {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => {});
  return { write: (text) => void socket.write(text), close: () => void socket.destroy() };
}

async function* parts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, byteLength } of stream) {
    yield Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  }
}
