import type { IncomingMessage } from 'node:http';
import type { AnswerStream } from './invocation.ts';

/** How the passing on of a body ended. */
export interface PassedBody {
  /** As many as were looked at: one chunk more than allowed at most. */
  readonly bytes: number;
  /** Whether all of the body was passed on. */
  readonly ended: boolean;
}

/**
 * Passes a body on as it comes, no faster than it is taken. It stops at the chunk that exceeds the limit, whose rest
 * and whatever follows it are dropped.
 *
 * @param request not read yet
 * @param maxBytes how many are passed on at most
 * @param stream takes them
 */
export function passBody(
  request: IncomingMessage,
  maxBytes: number,
  stream: AnswerStream,
): Promise<PassedBody> {
  let bytes = 0;
  let waiting = false;
  return new Promise((resolve) => {
    const take = (chunk: Buffer) => {
      const room = maxBytes - bytes;
      bytes += chunk.length;
      const taken = stream.write(chunk.length > room ? chunk.subarray(0, room) : chunk);
      if (bytes > maxBytes) {
        request.off('data', take);
        request.resume();
        return resolve({ bytes, ended: false });
      }
      if (taken === undefined) return;
      waiting = true;
      request.pause();
      void taken.then(() => {
        waiting = false;
        request.resume();
      });
    };
    // A sender that hangs up right after its last byte counts as "aborted" in Node. All of it was passed on then,
    // unless the receiver was being waited for.
    const settle = () => resolve({ bytes, ended: request.complete && !waiting });
    request.on('data', take);
    request.once('end', () => resolve({ bytes, ended: true }));
    request.once('error', settle);
    request.once('close', settle);
  });
}
