import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { endToEndHeaders } from '../web/end-to-end-headers.ts';
import type { HeaderField, HttpHead } from '../web/http-request.ts';
import { connectToServer } from './connect-to-server.ts';
import type { ServerAddress } from './server-watch.ts';

/** Node's own limit of 16 kB is less than some answers have, and Lambda's result is limited as a whole. */
const MAX_HEADER_BYTES = 1024 * 1024;
/** Of the connection from us to the server: its framing is ours, and nothing waits for a `100 Continue`. */
const OURS = new Set(['content-length', 'expect']);

/** A request for the function's server. */
export interface ServerRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** Its answer; the body is read by who wants it. */
export interface ServerAnswer extends HttpHead {
  readonly body: IncomingMessage;
}

/**
 * Sends a request to the function's server, on a connection of its own: a server ends idle connections by its own
 * clock, and after an environment was frozen a kept one breaks under the request that uses it.
 * @param address - where the server listens
 * @param sent - the request
 * @returns status, headers and the body as it comes
 * @throws Error of Node's, with its code, when the server cannot be reached or cuts the connection
 */
export async function exchange(address: ServerAddress, sent: ServerRequest): Promise<ServerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, target: path, body } = sent;
  const headers = groupHeaders(endToEndHeaders(sent.headers).filter(([name]) => !OURS.has(name)));
  if (body.length > 0) headers['content-length'] = body.length;
  const createConnection = () => connectToServer(address);
  request({ createConnection, method, path, headers, maxHeaderSize: MAX_HEADER_BYTES })
    .on('response', resolve)
    .on('error', reject)
    .end(body);
  const response = await promise;
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: pairUp(response.rawHeaders),
    body: response,
  };
}

function groupHeaders(fields: readonly HeaderField[]): OutgoingHttpHeaders {
  const groups = Object.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    Object.entries(groups).map(([name, group = []]) => [name, valuesOf(group.map(([, value]) => value))]),
  );
}

/** A list of one is no list: Node takes `host` as a text only. */
function valuesOf(values: string[]): string | string[] {
  const [first = '', ...others] = values;
  return others.length === 0 ? first : values;
}

function pairUp(flat: readonly string[]): HeaderField[] {
  return flat.flatMap((name, index): HeaderField[] =>
    index % 2 === 0 ? [[name.toLowerCase(), flat[index + 1] ?? '']] : [],
  );
}
