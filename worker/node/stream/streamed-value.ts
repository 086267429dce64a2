import { StreamedResult } from './streamed-result.ts';

/**
 * Says whether a result is sent as it comes: a `StreamedResult`, a web `Response`, or anything that is iterated
 * asynchronously, as async generators and streams of Node and of the web are.
 * @param value - what the handler answered
 * @returns whether it is one; an error that a stream of Node has before anybody reads it is kept for the reader
 * @throws what a getter or a trap of the value throws
 */
export function isStreamed(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Symbol.asyncIterator in value) {
    if ('on' in value && typeof value.on === 'function') value.on('error', () => {});
    return true;
  }
  return value instanceof StreamedResult || isResponse(value);
}

/**
 * Says whether a value is a web `Response`. By its tag: naming the class would load Node's `fetch`, and packages bring
 * others of their own.
 * @param value - any object
 * @returns whether it is one
 * @throws as `isStreamed`
 */
export function isResponse(value: object): value is Response {
  return Symbol.toStringTag in value && value[Symbol.toStringTag] === 'Response';
}
