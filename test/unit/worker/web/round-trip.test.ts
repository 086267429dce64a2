import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import type { Handler } from '../../../../worker/node/adapters/handler.ts';
import type { Context } from '../../../../worker/node/context.ts';
import { createServerHandler } from '../../../../worker/node/http-server/server-handler.ts';
import { createFetchHandler } from '../../../../worker/node/web/fetch-handler.ts';
import type { HttpResult } from '../../../../worker/node/web/http-result.ts';
import { createRandom, type Random } from '../../../helpers/random.ts';
import { functionUrlPost, loadBalancerEvent, restApiEvent } from './http-events.ts';

const ROUNDS = 200;
const CONTEXT = { awsRequestId: 'id', getRemainingTimeInMillis: () => 60_000 } as Context;

/** What a client sends, and gets back as it is. */
interface Exchange {
  readonly query: readonly (readonly [string, string])[];
  readonly type: string;
  readonly name: string;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The senders of events, each in its own words. */
const SENDERS: Readonly<Record<string, (sent: Exchange) => Record<string, unknown>>> = {
  'payload 2.0': ({ query, type, name, cookies, body }) =>
    functionUrlPost(body.toString('base64'), {
      rawQueryString: new URLSearchParams(
        query.map(([key, value]): [string, string] => [key, value]),
      ).toString(),
      headers: { host: 'h', 'content-type': type, 'x-name': name },
      cookies,
      isBase64Encoded: true,
    }),
  'payload 1.0': (sent) =>
    restApiEvent({ ...inLists(sent), multiValueQueryStringParameters: group(sent.query) }),
  'load balancer, lists': (sent) =>
    loadBalancerEvent({ ...inLists(sent), multiValueQueryStringParameters: group(encoded(sent.query)) }),
  'load balancer, single values': ({ query, type, name, cookies, body }) =>
    loadBalancerEvent({
      httpMethod: 'POST',
      headers: { host: 'h', 'content-type': type, 'x-name': name, cookie: cookies.join('; ') },
      queryStringParameters: Object.fromEntries(encoded(query)),
      body: body.toString('base64'),
      isBase64Encoded: true,
    }),
};

function inLists({ type, name, cookies, body }: Exchange): Record<string, unknown> {
  return {
    httpMethod: 'POST',
    multiValueHeaders: {
      Host: ['h'],
      'Content-Type': [type],
      'X-Name': [name],
      Cookie: [cookies.join('; ')],
    },
    body: body.toString('base64'),
    isBase64Encoded: true,
  };
}

const encoded = (query: Exchange['query']) =>
  query.map(([key, value]) => [encodeURIComponent(key), encodeURIComponent(value)] as const);

function group(query: Exchange['query']): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [key, value] of query) groups[key] = [...(groups[key] ?? []), value];
  return groups;
}

const TEXTS = ['', 'a', 'a b', 'é', '&=', '+', '%', '#?/', '"\'<>', '日本', 'a,b;c'];
const TYPES = ['text/plain', 'application/json', 'image/png', 'application/octet-stream'];

/** A name comes once, since one of the forms holds no more of it; none is a number, which objects would put first. */
function makeExchange(random: Random): Exchange {
  const text = () => random.pick(TEXTS);
  const bytes = Array.from({ length: random.below(60) }, () => random.below(random.pick([128, 256])));
  const cookie = (_: unknown, index: number) => `c${index}=${encodeURIComponent(text())}`;
  return {
    query: Array.from({ length: random.below(4) }, (_, index) => [`q${index}${text()}`, text()] as const),
    type: random.pick(TYPES),
    name: text(),
    cookies: Array.from({ length: random.below(4) }, cookie),
    body: Buffer.from(bytes),
  };
}

/** What a caller finds in a result. */
function readResult(result: HttpResult): Exchange {
  const { body, isBase64Encoded, cookies = [], headers = {}, multiValueHeaders = {} } = result;
  const fields = [
    ...Object.entries(headers),
    ...Object.entries(multiValueHeaders).flatMap(([key, values]) =>
      values.map((value) => [key, value] as const),
    ),
  ].map(([key, value]) => [key.toLowerCase(), value] as const);
  const all = (name: string) => fields.filter(([key]) => key === name).map(([, value]) => value);
  return {
    query: [...new URL(`http://h${all('x-target')[0]}`).searchParams],
    type: all('content-type')[0] ?? '',
    name: all('x-name')[0] ?? '',
    cookies: [...cookies, ...all('set-cookie')],
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

const cookieHeaders = (cookie: string | null | undefined) =>
  (cookie || undefined)?.split('; ').map((value): [string, string] => ['set-cookie', value]) ?? [];

/** Gives back what it gets, by `fetch`. */
const fetchEcho = createFetchHandler({
  stream: false,
  onEvent: undefined,
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const headers: [string, string][] = [
      ['x-target', pathname + search],
      ['content-type', request.headers.get('content-type') ?? ''],
      ['x-name', request.headers.get('x-name') ?? ''],
      ...cookieHeaders(request.headers.get('cookie')),
    ];
    return new Response(await request.arrayBuffer(), { headers });
  },
});

/** Gives back what it gets, as a server. */
const echo = createServer(async (request, response) => {
  const body = await buffer(request);
  const { 'content-type': type = '', 'x-name': name = '', cookie } = request.headers;
  response
    .setHeader('x-target', request.url ?? '')
    .setHeader('content-type', type)
    .setHeader('x-name', name);
  for (const [key, value] of cookieHeaders(cookie)) response.appendHeader(key, value);
  response.end(body);
});

describe('a request comes back as it was sent', () => {
  let serverEcho: Handler;
  before(async () => {
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    const { port } = echo.address() as AddressInfo;
    serverEcho = createServerHandler({ host: '127.0.0.1', port }, false);
  });
  after(() => echo.close());

  for (const [name, write] of Object.entries(SENDERS)) {
    for (const way of ['fetch', 'server'] as const) {
      test(`${name}, by ${way}`, async () => {
        const random = createRandom(7);
        const handler = way === 'fetch' ? fetchEcho : serverEcho;
        for (let round = 0; round < ROUNDS; round += 1) {
          const sent = makeExchange(random);
          const result = await handler(write(sent), CONTEXT, () => {});
          assert.deepEqual(readResult(result as HttpResult), sent, `round ${round}`);
        }
      });
    }
  }
});
