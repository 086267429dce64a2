import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { request } from 'undici';
import { useSharedLambda } from '../use-lambda.ts';

/** The parts of an event that tests look at. */
interface UrlEvent {
  readonly version: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Record<string, string>;
  readonly queryStringParameters?: Record<string, string>;
  readonly requestContext: Record<string, unknown> & { http: Record<string, string> };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

describe('the event of a function URL', () => {
  const shared = useSharedLambda({}, { url: 'buffered' });
  const url = () => new URL(shared.lambda.urls.acts as string);

  /** Sends the request as it stands and reads the event, which is what the function answers with. */
  const raw = async (...lines: string[]): Promise<UrlEvent> => {
    const socket = connect(Number(url().port), '127.0.0.1');
    await once(socket, 'connect');
    const [line = '', ...rest] = lines;
    socket.write([line, `Host: ${url().host}`, 'Connection: close', ...rest, '', ''].join('\r\n'));
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 200 /);
    return JSON.parse(body);
  };
  const post = async (body: string | Uint8Array, headers: Record<string, string>): Promise<UrlEvent> => {
    const answer = await request(url(), { method: 'POST', body, headers });
    return (await answer.body.json()) as UrlEvent;
  };

  test('an event has every field of payload format 2.0', async () => {
    const before = Date.now();
    const event = await raw('GET /a/b?x=1 HTTP/1.1', 'User-Agent: Test/1');
    const { host, port } = url();
    const { http, requestId, time, timeEpoch, apiId, domainPrefix, ...context } = event.requestContext;
    assert.deepEqual(Object.keys(event), [
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'queryStringParameters',
      'requestContext',
      'isBase64Encoded',
    ]);
    assert.deepEqual([event.version, event.rawPath, event.rawQueryString], ['2.0', '/a/b', 'x=1']);
    assert.deepEqual(context, {
      accountId: 'anonymous',
      authentication: null,
      domainName: host,
      routeKey: '$default',
      stage: '$default',
    });
    assert.deepEqual(http, {
      method: 'GET',
      path: '/a/b',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'Test/1',
    });
    assert.match(String(requestId), /^[0-9a-f-]{36}$/);
    assert.match(String(apiId), /^[0-9a-f]{32}$/);
    assert.equal(domainPrefix, apiId);
    assert.ok(Number(timeEpoch) >= before && Number(timeEpoch) <= Date.now());
    assert.match(String(time), /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    const { 'x-amzn-trace-id': trace, ...headers } = event.headers;
    assert.match(trace ?? '', /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.deepEqual(headers, {
      host,
      'user-agent': 'Test/1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': port,
      'x-forwarded-proto': 'http',
    });
  });

  test('duplicate headers are joined with commas, cookies stand by themselves', async () => {
    const event = await raw(
      'GET / HTTP/1.1',
      'X-Many: 1',
      'x-many: 2, 3',
      'Accept: a',
      'Cookie: a=1; b=2',
      'Cookie: c=3',
      'Age: 1',
      'Age: 2',
    );
    assert.deepEqual([event.headers['x-many'], event.headers.age], ['1,2, 3', '1,2']);
    assert.equal(event.headers.cookie, undefined);
    assert.deepEqual(event.cookies, ['a=1', 'b=2', 'c=3']);
    assert.equal(event.headers.connection, undefined);
  });

  for (const query of [
    'a=1&a=2&b=%20+&&c',
    'x=%zz&%C3%A4=%ff',
    '?a=?',
    'a=b=c&[]=1',
    'q=a%2Bb%26c&__proto__=1',
  ]) {
    test(`the query "${query}" arrives byte for byte`, async () => {
      const event = await raw(`GET /p%2Fq//r%20s/?${query} HTTP/1.1`);
      assert.deepEqual([event.rawPath, event.rawQueryString], ['/p%2Fq//r%20s/', query]);
    });
  }

  test('query parameters are decoded, and duplicates joined with commas', async () => {
    const event = await raw('GET /?a=1&a=2&b=%20x+y&c HTTP/1.1');
    assert.deepEqual(event.queryStringParameters, { a: '1,2', b: ' x y', c: '' });
    const none = await raw('GET /? HTTP/1.1');
    assert.deepEqual([none.rawQueryString, none.queryStringParameters], ['', undefined]);
  });

  test('a body of text arrives as text, any other as base64', async () => {
    const json = await post('{"a":"ä"}', { 'content-type': 'application/json; charset=utf-8' });
    assert.deepEqual([json.body, json.isBase64Encoded], ['{"a":"ä"}', false]);
    const problem = await post('{}', { 'content-type': 'application/problem+json' });
    assert.equal(problem.isBase64Encoded, false);
    const form = await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.deepEqual([form.body, form.isBase64Encoded], ['YT0x', true]);
    const bytes = Buffer.from([0, 255, 254]);
    const binary = await post(bytes, { 'content-type': 'application/octet-stream' });
    assert.deepEqual([binary.body, binary.isBase64Encoded], [bytes.toString('base64'), true]);
  });

  test('text that is encoded, or is no UTF-8, arrives as base64', async () => {
    const encoded = await post('abc', { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    assert.equal(encoded.isBase64Encoded, true);
    const latin = await post(Buffer.from([0xe4]), { 'content-type': 'text/plain' });
    assert.deepEqual([latin.body, latin.isBase64Encoded], ['5A==', true]);
  });

  test('a body in chunks arrives whole', async () => {
    const event = await raw(
      'POST / HTTP/1.1',
      'Content-Type: text/plain',
      'Transfer-Encoding: chunked',
      '',
      '2\r\nab\r\n1\r\nc\r\n0',
    );
    assert.deepEqual([event.body, event.headers['content-length']], ['abc', '3']);
    assert.equal(event.headers['transfer-encoding'], undefined);
  });
});
