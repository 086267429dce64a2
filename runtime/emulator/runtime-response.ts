import type { IncomingMessage } from 'node:http';
import { ERROR_TYPE_HEADER, MAX_RESPONSE_BYTES } from '../lambda-api/names.ts';
import { errorAnswer } from './failure.ts';
import type { Answer, AnswerStream } from './invocation.ts';
import { passBody } from './pass-body.ts';
import { readBody } from './read-body.ts';
import { RuntimeApiError } from './runtime-session.ts';

const ERROR_BODY_TRAILER = 'lambda-runtime-function-error-body';
/** Largest streamed result in bytes: 200 MB, as Lambda counts them. */
const MAX_STREAM_BYTES = 200 * 1024 * 1024;

/** What became of a result: what the caller gets, and what the runtime is refused for. */
export interface TakenResponse {
  readonly answer: Answer;
  readonly refusal?: RuntimeApiError;
}

/**
 * Takes a result from the runtime.
 *
 * @param request the runtime's, still unread
 * @param stream gets the result as it comes; without it the result is collected, under the limit for that
 */
export async function takeResponse(
  request: IncomingMessage,
  stream: AnswerStream | undefined,
): Promise<TakenResponse> {
  const contentType = headerOf(request, 'content-type') ?? 'application/json';
  if (stream !== undefined) return passOn(request, contentType, stream);
  const read = await readBody(request, MAX_RESPONSE_BYTES).catch(() => undefined);
  if (read === undefined) return TRUNCATED;
  if (read.body === undefined) return tooLarge(read.bytes, MAX_RESPONSE_BYTES);
  return { answer: trailerError(request) ?? { payload: read.body, contentType, failed: false } };
}

/** The answer of a runtime whose result broke off. */
export function truncated(): Answer {
  return errorAnswer({ errorType: 'Runtime.TruncatedResponse' });
}

/** The value of a header that is sent once; an empty one counts as absent, as on the platform. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function passOn(
  request: IncomingMessage,
  contentType: string,
  stream: AnswerStream,
): Promise<TakenResponse> {
  stream.begin(contentType);
  const { bytes, ended } = await passBody(request, MAX_STREAM_BYTES, stream);
  if (bytes > MAX_STREAM_BYTES) return tooLarge(bytes, MAX_STREAM_BYTES);
  if (!ended) return TRUNCATED;
  return { answer: trailerError(request) ?? { payload: Buffer.alloc(0), contentType, failed: false } };
}

const TRUNCATED: TakenResponse = {
  answer: truncated(),
  refusal: new RuntimeApiError(400, 'TruncatedHTTPRequest', 'HTTP request detected as truncated'),
};

function tooLarge(bytes: number, maxBytes: number): TakenResponse {
  const errorMessage = `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maxBytes} bytes).`;
  const message = `Exceeded maximum allowed payload size (${maxBytes} bytes).`;
  return {
    answer: errorAnswer({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }),
    refusal: new RuntimeApiError(413, 'RequestEntityTooLarge', message),
  };
}

/** A stream that failed after its first byte names the error in trailers; a buffered caller gets that error alone. */
function trailerError(request: IncomingMessage): Answer | undefined {
  const errorType = request.trailers[ERROR_TYPE_HEADER];
  if (errorType === undefined) return undefined;
  const body = request.trailers[ERROR_BODY_TRAILER];
  if (body === undefined) return errorAnswer({ errorType });
  const payload = Buffer.from(body, 'base64');
  return { payload, contentType: 'application/json', failed: true, errorType };
}
