import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { OutputTail } from './output-tail.ts';

/** How long a dead worker's last lines may take to come through the pipe. */
const LAST_OUTPUT_MS = 100;

/** What a Node process says when it is looked at; nothing of the function's. */
const LOOKED_AT = 'Debugger attached.\n';

/**
 * Passes a worker's standard error on, and keeps its last lines: they are quoted when the worker dies.
 *
 * @param stream the worker's standard error
 * @returns the last lines, once the worker has ended
 */
export function passErrorOutput(stream: Readable): () => Promise<readonly string[]> {
  const tail = new OutputTail();
  stream.on('data', (whole: Buffer) => {
    const chunk = whole.includes(LOOKED_AT) ? Buffer.from(whole.toString().replace(LOOKED_AT, '')) : whole;
    // What nobody reads fast enough waits in the worker, not here.
    if (!process.stderr.write(chunk)) {
      stream.pause();
      process.stderr.once('drain', () => stream.resume());
    }
    tail.add(chunk.toString());
  });
  return async () => {
    // Only a process that left the worker's group can still hold the pipe open.
    await Promise.race([stream.closed ? undefined : once(stream, 'close'), delay(LAST_OUTPUT_MS)]);
    return tail.lines();
  };
}
