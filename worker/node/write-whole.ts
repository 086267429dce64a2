import { writeSync } from 'node:fs';

const FULL_PIPE_PAUSE_MS = 1;

/**
 * Writes bytes, all of them before it returns: what follows may be the end of the process. Whoever else has the
 * descriptor open may have made it non-blocking; a full pipe is then tried again until it is read.
 * @param descriptor - where to
 * @param bytes - what
 * @throws the system's error, such as `EPIPE`, when nobody can read it any more
 */
export function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSome(descriptor, written === 0 ? bytes : bytes.subarray(written));
  }
}

function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    // Node cannot wait for a descriptor within a turn; asking without a pause would take the reader's processor.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    return 0;
  }
}
