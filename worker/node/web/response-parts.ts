import { readResponse } from '../stream/stream-source.ts';
import type { StreamedBody } from '../stream/streamed-result.ts';

/**
 * Reads the body of a `Response`, and what is to be done behind it before it is over.
 * @param response - nobody else reads it
 * @param end - called when its last part was read, reading it failed, or it was let go
 * @returns its parts. No generator: of one `return()` would wait for the part that is awaited, which may never come
 * @throws TypeError when somebody else reads it
 */
export function responseParts(response: Response, end: () => Promise<void>): StreamedBody {
  const source = readResponse(response);
  const parts: AsyncIterator<Uint8Array> = {
    async next() {
      let isOver = true;
      try {
        const part = (await source.next()) as IteratorResult<Uint8Array>;
        isOver = part.done === true;
        return part;
      } finally {
        if (isOver) await end();
      }
    },
    async return() {
      source.cancel();
      await end();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => parts };
}
