import type { IpcSocketConnectOpts } from 'node:net';
import type { Dispatcher } from 'undici';
import { FramingError } from '../http1/framing-error.ts';
import { headerLookup } from '../http1/head.ts';
import type { BodyStream } from '../http1/incoming-body.ts';
import { bytesOf, isWhole } from '../http1/whole-body.ts';
import type { CreateHttpClient, HttpAnswer, HttpClient, HttpRequest } from './http-client.ts';
import { createNativeClient } from './native-client.ts';
import { errors, Pool } from './undici-pool.ts';

/** Longer than an environment lives; without the server's word undici would close idle connections after 4 s. */
const KEEP_ALIVE_MS = 24 * 60 * 60 * 1000;
/** No other blanks: `trim` would also take byte A0, the end of many a UTF-8 letter. */
const OUTER_BLANKS = /^[ \t]+|[ \t]+$/g;
/** What undici sets or has taken away itself. */
const PER_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/**
 * Makes a client on undici, chosen by `PILOTLIGHT_HTTP=undici`: to compare with, and to fall back to.
 *
 * @param options the server
 */
export const createUndiciClient: CreateHttpClient = (options) => {
  const { target, host, connections, maxHeadBytes, isStream } = options;
  const { path: socketPath } = target as Partial<IpcSocketConnectOpts>;
  const pool = new Pool(`http://${host}`, {
    ...(socketPath === undefined ? {} : { socketPath }),
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: maxHeadBytes,
  });
  const waiting = new AbortController();
  let forStreams: HttpClient | undefined;

  async function request(
    { method, path, lines, waits = false }: HttpRequest,
    body: Buffer,
  ): Promise<HttpAnswer> {
    const asked = pool.request({
      method,
      path,
      headers: parseLines(lines),
      body: method === 'GET' ? null : body,
      signal: waits ? waiting.signal : null,
    });
    const response = await asked.catch((error) => {
      throw toFramingError(error) ?? error;
    });
    const answerLines = writeLines(response.headers);
    const header = headerLookup(answerLines);
    const answer = { status: response.statusCode, lines: answerLines, header };
    if (isStream?.(answerLines) === true) return { ...answer, body: streamOf(response) };
    const { buffer, byteOffset, byteLength } = await response.body.bytes().catch((error) => {
      throw (
        toFramingError(error) ??
        new FramingError('TRUNCATED', `Cannot read a message to its end: ${error.message}`)
      );
    });
    return { ...answer, body: Buffer.from(buffer, byteOffset, byteLength) };
  }

  return {
    send(toSend, exchange) {
      const { body } = toSend;
      if (isWhole(body)) request(toSend, bytesOf(body)).then(exchange.onAnswer, exchange.onError);
      else {
        // undici cannot send trailers, which tell of a stream that failed.
        forStreams ??= createNativeClient(options);
        forStreams.send(toSend, exchange);
      }
    },
    stopWaiting() {
      waiting.abort();
    },
    close() {
      void pool.destroy();
      forStreams?.close();
    },
  };
};

/** What is no HTTP is told as our own framing tells it. */
function toFramingError(error: Error): FramingError | undefined {
  if (error instanceof errors.HTTPParserError) return new FramingError('START_LINE_INVALID', error.message);
  if (error instanceof errors.ResponseContentLengthMismatchError)
    return new FramingError('LENGTH_INVALID', error.message);
  return undefined;
}

function streamOf({ body, trailers }: Dispatcher.ResponseData): BodyStream {
  // It may break before anybody reads, who is told then; an error that nobody hears ends the process.
  body.on('error', () => {});
  return {
    [Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
    get trailers() {
      return writeLines(trailers);
    },
    destroy: () => void body.destroy(),
  };
}

function parseLines(lines: string): string[] {
  return lines
    .split('\r\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(OUTER_BLANKS, '')];
    });
}

function writeLines(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  return Object.entries(headers)
    .filter(([name]) => !PER_CONNECTION.has(name))
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}\r\n`))
    .join('');
}
