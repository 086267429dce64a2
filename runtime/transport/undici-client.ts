import type { IpcSocketConnectOpts } from 'node:net';
import { Pool } from 'undici';
import type { CreateHttpClient, HttpAnswer, HttpRequest } from './http-client.ts';

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
export const createUndiciClient: CreateHttpClient = ({ target, host, connections, maxHeadBytes }) => {
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

  async function request({
    method,
    path,
    lines,
    body,
    streamBytes,
    waits = false,
  }: HttpRequest): Promise<HttpAnswer> {
    const headers = parseLines(lines);
    if (streamBytes !== undefined && !Buffer.isBuffer(body))
      headers.push('content-length', String(streamBytes));
    const response = await pool.request({
      method,
      path,
      headers,
      body: method === 'GET' ? null : body,
      signal: waits ? waiting.signal : null,
    });
    const { buffer, byteOffset, byteLength } = await response.body.bytes();
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    return { status: response.statusCode, lines: writeLines(response.headers), body: bytes };
  }

  return {
    send(toSend, { onAnswer, onError }) {
      request(toSend).then(onAnswer, onError);
    },
    stopWaiting() {
      waiting.abort();
    },
    close() {
      void pool.destroy();
    },
  };
};

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
