// Sends the samples of HTTP events that AWS's own libraries are tested with through a `fetch` handler and back.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import type { HttpResult } from '../../worker/node/web/http-result.ts';
import { parseHttpEvent } from '../../worker/node/web/parse-http-event.ts';
import { readEventSamples } from '../helpers/event-samples.ts';
import { needs } from '../helpers/needs.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

/** What samples are called; an authorizer is asked about a request, and a WebSocket goes on as messages. */
const CALLED_HTTP = /(?:alb|apigw|lambda-urls|function-url).*request/;
const CALLED_OTHER = /custom-auth|websocket/;

/** Tells in a header what the request was, and gives back its body. */
const ECHO = `export default {
    async fetch(request) {
      const { method, url, headers } = request;
      const answer = new Response(await request.arrayBuffer(), { status: 207 });
      answer.headers.set('x-request', encodeURI(JSON.stringify({ method, url, headers: [...headers] })));
      for (const name of ['a', 'b']) answer.headers.append('set-cookie', name + '=1');
      return answer;
    },
  };
  export const event = (value) => ({ event: value });`;

type Fields<Value> = Readonly<Record<string, Value>> | null | undefined;

/** What this file reads of an HTTP event, on its own and not by what it tests. */
interface HttpSample {
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly cookies?: readonly string[];
  readonly path?: string;
  readonly httpMethod?: string;
  readonly headers: Fields<string>;
  readonly multiValueHeaders?: Fields<readonly string[]>;
  readonly queryStringParameters?: Fields<string>;
  readonly multiValueQueryStringParameters?: Fields<readonly string[]>;
  readonly requestContext: {
    readonly http?: { readonly method: string };
    readonly elb?: object;
    readonly domainName?: string;
  };
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

interface EchoedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: [name: string, value: string][];
}

const samples = readEventSamples().filter(({ event }) => event !== undefined);

test('samples of HTTP requests are recognised, and no others', needs('event-samples'), () => {
  const called = samples.map(({ name }) => name).filter((name) => isCalledHttp(basename(name)));
  const found = samples.filter(({ event }) => parseHttpEvent(event) !== undefined);
  assert.deepEqual(
    found.map(({ name }) => name),
    called,
  );
});

test('fetch gets the samples of HTTP requests and "event" the others', needs('event-samples'), async (t) => {
  const { api } = await useBootstrap(t, { files: { 'function.bundle.js': ECHO } });
  for (const { name, id, bytes, event } of samples) {
    const { path, body } = await api.send({ id, body: bytes });
    assert.match(path, /\/response$/, `${name}: ${body}`);
    const result: unknown = JSON.parse(String(body));
    if (!isCalledHttp(basename(name))) assert.deepEqual(result, { event }, name);
    else checkExchange(event as HttpSample, result as HttpResult, name);
  }
});

function isCalledHttp(name: string): boolean {
  return CALLED_HTTP.test(name) && !CALLED_OTHER.test(name);
}

function checkExchange(event: HttpSample, result: HttpResult, name: string): void {
  const headers = checkForm(event, result, name);
  const request: EchoedRequest = JSON.parse(decodeURI(headers['x-request'] ?? ''));
  const { method } = request;
  assert.equal(method, event.requestContext.http?.method ?? event.httpMethod, name);
  checkUrl(event, request, name);
  assert.deepEqual(request.headers, headersOf(event), name);
  // A Request with one of these methods has no body.
  const sent = method === 'GET' || method === 'HEAD' ? '' : (event.body ?? '');
  assert.deepEqual(
    Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8'),
    Buffer.from(sent, event.isBase64Encoded ? 'base64' : 'utf8'),
    name,
  );
}

/** Checks the result's form and the cookies in it, and returns its other headers. */
function checkForm(event: HttpSample, result: HttpResult, name: string): Record<string, string> {
  const { statusCode, statusDescription, headers, multiValueHeaders, cookies } = result;
  const { elb, http } = event.requestContext;
  const inLists = http === undefined && (elb === undefined || event.multiValueHeaders != null);
  assert.equal(statusCode, 207, name);
  assert.equal(statusDescription, elb && '207 Multi-Status', name);
  assert.equal(headers === undefined, inLists, name);
  assert.equal(multiValueHeaders !== undefined, inLists, name);
  const pairs = Object.entries(headers ?? multiValueHeaders ?? {}).flatMap(([key, values]) =>
    [values].flat().map((value): [string, string] => [key.toLowerCase(), value]),
  );
  const isCookie = ([key]: [string, string]) => key === 'set-cookie';
  const ofHeaders = pairs.filter(isCookie).map(([, value]) => value);
  const set = ['a=1', 'b=1'];
  const expected = http ? { cookies: set, ofHeaders: [] } : { cookies: undefined, ofHeaders: set };
  assert.deepEqual({ cookies, ofHeaders }, expected, name);
  return Object.fromEntries(pairs.filter((pair) => !isCookie(pair)));
}

function checkUrl(event: HttpSample, request: EchoedRequest, name: string): void {
  const { protocol, host, pathname, search, searchParams } = new URL(request.url);
  const sent = new Map(headersOf(event));
  // Some samples have a template in place of the host.
  const hosts = [sent.get('host'), event.requestContext.domainName].filter((value) =>
    /^[^<{]+$/.test(value ?? ''),
  );
  assert.equal(protocol, `${sent.get('x-forwarded-proto') ?? 'https'}:`, name);
  assert.equal(host, (hosts[0] ?? 'localhost').toLowerCase(), name);
  assert.equal(pathname, event.rawPath ?? event.path, name);
  const query = Object.entries(
    event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {},
  ).flatMap(([key, values]) => [values].flat().map((value): [string, string] => [key, value]));
  // Only this has the bytes of the client; no sample with parameters apart has one that is encoded.
  if (event.rawQueryString !== undefined) assert.equal(search.slice(1), event.rawQueryString, name);
  else assert.deepEqual([...searchParams], query, name);
}

/** As a Request has them: in the order of their names, values joined. */
function headersOf({ headers, multiValueHeaders, cookies = [] }: HttpSample): [string, string][] {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    values.set(name.toLowerCase(), [value].flat().join(', '));
  }
  if (cookies.length > 0) values.set('cookie', cookies.join('; '));
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}
