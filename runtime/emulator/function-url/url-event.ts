import type { IncomingMessage } from 'node:http';
import { HOP_HEADERS } from './hop-headers.ts';

/** Types whose bodies reach the function as text; anything else is sent as base64. */
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|yaml)\b|[^;]+\+(json|xml|yaml)\b)/i;
/** `Expect` is answered before the function is asked. */
const DROPPED_HEADERS = new Set([...HOP_HEADERS, 'expect']);

/** What an event needs besides the request itself. */
export interface UrlEventFacts {
  readonly body: Buffer;
  readonly requestId: string;
  /** Trace header of the invocation. */
  readonly traceId: string;
  /** What stands before `.lambda-url.` in the address of a real function URL. */
  readonly urlId: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * The event that a function URL makes of a request: payload format 2.0, path and query byte for byte.
 *
 * @param request its body read already
 * @param facts what else goes into the event
 */
export function urlEvent(request: IncomingMessage, facts: UrlEventFacts): object {
  const { body, requestId, traceId, urlId, nowMs } = facts;
  const target = (request.url ?? '').replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const queryAt = target.indexOf('?');
  const rawPath = (queryAt === -1 ? target : target.slice(0, queryAt)) || '/';
  const rawQueryString = queryAt === -1 ? '' : target.slice(queryAt + 1);
  const { headers, cookies } = collectHeaders(request);
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const forwardedFor = headers.get('x-forwarded-for');
  headers.set('x-forwarded-for', forwardedFor === undefined ? sourceIp : `${forwardedFor},${sourceIp}`);
  headers.set('x-forwarded-port', String(request.socket.localPort));
  headers.set('x-forwarded-proto', 'http');
  headers.set('x-amzn-trace-id', traceId.split(';', 1)[0] ?? '');
  if (body.length > 0) headers.set('content-length', String(body.length));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: Object.fromEntries(headers),
    ...(rawQueryString === '' ? {} : { queryStringParameters: joinParameters(rawQueryString) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: urlId,
      authentication: null,
      // Where the function can be reached, as on AWS, so that addresses made from it work.
      domainName: headers.get('host') ?? '',
      domainPrefix: urlId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers.get('user-agent') ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
    ...encodeBody(body, headers),
  };
}

/** From the raw list, since Node joins with other separators and drops some duplicates. */
function collectHeaders({ rawHeaders }: IncomingMessage) {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    if (name === 'cookie') cookies.push(...value.split(/; */).filter((cookie) => cookie !== ''));
    else if (!DROPPED_HEADERS.has(name))
      headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { headers, cookies };
}

function joinParameters(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

function encodeBody(body: Buffer, headers: ReadonlyMap<string, string>) {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = headers.get('content-type');
  const isText =
    headers.get('content-encoding') === undefined && (type === undefined || TEXT_TYPE.test(type));
  const text = isText ? body.toString('utf8') : '';
  // Text that is not UTF-8 would be changed by the way through JSON.
  if (isText && body.equals(Buffer.from(text, 'utf8'))) return { body: text, isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}

/** Such as `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(timeMs: number): string {
  const [, day, month, year, time] = new Date(timeMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
