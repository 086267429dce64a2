import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../../../worker/node/web/http-request.ts';
import { parseHttpEvent } from '../../../../worker/node/web/parse-http-event.ts';
import {
  functionUrlEvent,
  functionUrlPost,
  httpApiEvent,
  loadBalancerEvent,
  OTHER_EVENTS,
  restApiEvent,
} from './http-events.ts';

function parse(event: unknown): HttpRequest {
  const request = parseHttpEvent(event);
  assert.ok(request !== undefined);
  return request;
}

const valuesOf = (request: HttpRequest, name: string) =>
  request.headers.filter(([found]) => found === name).map(([, value]) => value);

test('parseHttpEvent() reads an event of a function URL', () => {
  assert.deepEqual(parse(functionUrlEvent({ rawPath: '/a', rawQueryString: 'b=c' })), {
    source: 'url2',
    multiValue: false,
    method: 'GET',
    scheme: 'https',
    authority: 'abcdefgh1234.lambda-url.eu-central-1.on.aws',
    target: '/a?b=c',
    headers: [
      ['host', 'abcdefgh1234.lambda-url.eu-central-1.on.aws'],
      ['x-forwarded-proto', 'https'],
      ['accept', '*/*'],
    ],
    body: Buffer.alloc(0),
  });
});

test('parseHttpEvent() leaves the stage in the path of an HTTP API, as the API does', () => {
  const { source, target } = parse(httpApiEvent());
  assert.deepEqual({ source, target }, { source: 'url2', target: '/prod/items/7' });
});

test('parseHttpEvent() reads an event of a REST API with all values of its headers', () => {
  const request = parse(restApiEvent());
  assert.partialDeepStrictEqual(request, {
    source: 'rest1',
    method: 'GET',
    scheme: 'https',
    authority: 'abc.execute-api.eu-central-1.amazonaws.com',
    target: '/items',
  });
  assert.deepEqual(valuesOf(request, 'x-twice'), ['1', '2']);
});

test('parseHttpEvent() reads an HTTP API of payload 1.0 as a REST API', () => {
  assert.equal(parse(restApiEvent({ version: '1.0' })).source, 'rest1');
});

test('parseHttpEvent() reads both forms of a load balancer', () => {
  const single = parse(loadBalancerEvent({ queryStringParameters: { a: '1%202', b: '' } }));
  assert.partialDeepStrictEqual(single, {
    source: 'alb',
    multiValue: false,
    scheme: 'http',
    authority: 'lb-1.eu-central-1.elb.amazonaws.com',
    target: '/items?a=1%202&b=',
  });
  const multi = parse(
    loadBalancerEvent({
      headers: undefined,
      queryStringParameters: undefined,
      multiValueHeaders: { host: ['lb'], accept: ['a', 'b'] },
      multiValueQueryStringParameters: { a: ['%C3%A9', '2'] },
    }),
  );
  assert.partialDeepStrictEqual(multi, { multiValue: true, authority: 'lb', target: '/items?a=%C3%A9&a=2' });
  assert.deepEqual(valuesOf(multi, 'accept'), ['a', 'b']);
});

for (const [name, event] of Object.entries(OTHER_EVENTS)) {
  test(`parseHttpEvent() takes ${name} for no HTTP request`, () => {
    assert.equal(parseHttpEvent(event), undefined);
  });
}

for (const query of [
  'a=1&a=2&b',
  '=',
  '&&',
  'q=%41%20+%2B',
  "x='()*!~",
  'a[]=1&a[b]=2',
  'u=https://a.example/?b=c',
  '%ZZ=%',
]) {
  test(`parseHttpEvent() keeps the bytes of the query "${query}"`, () => {
    assert.equal(parse(functionUrlEvent({ rawQueryString: query })).target, `/?${query}`);
  });
}

test('parseHttpEvent() encodes the query of a REST API again, which the API decoded', () => {
  const multiValueQueryStringParameters = { q: ['a&b=c', 'é +'], 'k k': ['%'] };
  const { target } = parse(restApiEvent({ multiValueQueryStringParameters }));
  assert.equal(target, '/items?q=a%26b%3Dc&q=%C3%A9%20%2B&k%20k=%25');
  assert.deepEqual(
    [...new URL(`http://x${target}`).searchParams],
    [
      ['q', 'a&b=c'],
      ['q', 'é +'],
      ['k k', '%'],
    ],
  );
});

test('parseHttpEvent() makes a target that a request line can hold of any path', () => {
  const target = (path: string) => parse(restApiEvent({ path })).target;
  assert.equal(target('/a b/é'), '/a%20b/%C3%A9');
  assert.equal(target('/a?b#c'), '/a%3Fb%23c');
  assert.equal(target('/a\r\nx: y'), '/a%0D%0Ax:%20y');
  assert.equal(target('/\ud800'), '/%EF%BF%BD');
  assert.equal(target("/a%2Fb//c;v=1,2@!$&'()*+"), "/a%2Fb//c;v=1,2@!$&'()*+");
  assert.equal(target('items'), '/items');
});

test('parseHttpEvent() joins the cookies of payload 2.0 into one header', () => {
  const request = parse(functionUrlEvent({ cookies: ['a=1', 'b=2; c'] }));
  assert.deepEqual(valuesOf(request, 'cookie'), ['a=1; b=2; c']);
  assert.deepEqual(valuesOf(parse(functionUrlEvent()), 'cookie'), []);
});

test('parseHttpEvent() takes cookies that are among the headers too once', () => {
  const cookie = (cookies?: string[]) =>
    valuesOf(parse(functionUrlEvent({ headers: { Cookie: 'a=1; b=2' }, cookies })), 'cookie');
  assert.deepEqual(cookie(['a=1', 'b=2']), ['a=1; b=2']);
  assert.deepEqual(cookie(), ['a=1; b=2']);
});

test('parseHttpEvent() gives a header beyond ASCII as its bytes', () => {
  const request = parse(functionUrlEvent({ headers: { 'X-Name': 'Łukasz' } }));
  const [value = ''] = valuesOf(request, 'x-name');
  assert.equal(Buffer.from(value, 'latin1').toString('utf8'), 'Łukasz');
});

test('parseHttpEvent() reads texts and binary bodies', () => {
  const body = (event: unknown) => parse(event).body;
  assert.deepEqual(body(functionUrlPost('é')), Buffer.from('é'));
  assert.deepEqual(body(functionUrlPost('AP+A', { isBase64Encoded: true })), Buffer.from([0x00, 0xff, 0x80]));
  for (const empty of [undefined, null, '']) {
    assert.equal(body(loadBalancerEvent({ body: empty })).length, 0);
  }
});

test('parseHttpEvent() takes the domain for a host that is missing or would change the URL', () => {
  const authority = (host: string | undefined) => parse(functionUrlEvent({ headers: { host } })).authority;
  const domain = 'abcdefgh1234.lambda-url.eu-central-1.on.aws';
  for (const host of [undefined, '', 'evil.example/path?', 'a@b', 'a b', 'a:99999', '1.2.3.999'])
    assert.equal(authority(host), domain);
  for (const host of ['a.example:8080', '[::1]:80', 'A_b']) assert.equal(authority(host), host);
  assert.equal(parse(loadBalancerEvent({ headers: {} })).authority, 'localhost');
  const requestContext = { http: { method: 'GET' }, domainName: '<url-id>.example' };
  assert.equal(parse(functionUrlEvent({ headers: {}, requestContext })).authority, 'localhost');
});

test('parseHttpEvent() reads the scheme from the first proxy', () => {
  const scheme = (value: string) =>
    parse(functionUrlEvent({ headers: { 'X-Forwarded-Proto': value } })).scheme;
  assert.deepEqual(['http', 'HTTP, https', 'https', 'https,http', ''].map(scheme), [
    'http',
    'http',
    'https',
    'https',
    'https',
  ]);
});
