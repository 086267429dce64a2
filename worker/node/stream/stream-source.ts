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
  if (value instanceof StreamedResult) {
    const { body, contentType, prelude } = value;
    return { ...readParts(body), contentType, prelude, ownsParts: body.ownsParts };
  }
  if (!isResponse(value)) return readParts(value as AsyncIterable<unknown>);
  return { ...readResponse(value), prelude: preludeOf(value) };
}

/**
 * Reads the body of a web `Response`, which packages may have made of something else than a web stream.
 * @param response - it may have no body
 * @returns where its parts come from
 * @throws TypeError when somebody else reads it
 */
export function readResponse({ body }: Response): StreamSource {
  return readParts(body ?? Readable.from([]));
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
