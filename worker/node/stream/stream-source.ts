import { Readable } from 'node:stream';
import { type HttpPrelude, StreamedResult } from './streamed-result.ts';
import { isResponse } from './streamed-value.ts';

/** The parts of a result, and what goes before them. */
export interface StreamSource {
  readonly contentType?: string;
  readonly prelude?: HttpPrelude | undefined;
  /** Whether nobody else uses the memory of its parts. */
  readonly ownsParts?: boolean | undefined;
  next(): Promise<IteratorResult<unknown>>;
  /** Lets go what was not read, also while `next()` waits; what fails then is of no interest any more. */
  cancel(): void;
}

/**
 * Reads a result that is sent as it comes.
 * @param value - what `isStreamed` says yes to
 * @returns where its parts come from
 * @throws TypeError when somebody else reads it
 */
export function readStreamed(value: object): StreamSource {
  if (value instanceof StreamedResult) return readResult(value);
  if (!isResponse(value)) return readParts(value as AsyncIterable<unknown>);
  return { ...readParts(value.body ?? Readable.from([])), prelude: preludeOf(value) };
}

function readResult({ body, contentType, prelude, end }: StreamedResult): StreamSource {
  const begin = () => readParts(body ?? Readable.from([]));
  const parts = end === undefined ? begin() : withEnd(begin, end);
  return { ...parts, contentType, prelude, ownsParts: body?.ownsParts };
}

/** No generator: of one `return()` would wait for the part that is awaited, which may never come. */
function withEnd(begin: () => StreamSource, end: () => Promise<void>): StreamSource {
  let source: StreamSource;
  try {
    source = begin();
  } catch (error) {
    void end();
    throw error;
  }
  return {
    async next() {
      let isOver = true;
      try {
        const part = await source.next();
        isOver = part.done === true;
        return part;
      } finally {
        if (isOver) await end();
      }
    },
    cancel() {
      source.cancel();
      void end();
    },
  };
}

function readParts(body: AsyncIterable<unknown> | ReadableStream<unknown>): StreamSource {
  if ('getReader' in body) {
    const reader = body.getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<unknown>>,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
  const iterator = body[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    cancel() {
      if (body instanceof Readable) body.destroy();
      else void letGo(iterator);
    },
  };
}

async function letGo(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // Nobody is left to be told.
  }
}

function preludeOf({ status, headers }: Response): HttpPrelude {
  const plain = [...headers].filter(([name]) => name !== 'set-cookie');
  return { statusCode: status, headers: Object.fromEntries(plain), cookies: headers.getSetCookie() };
}
