import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeaderField, HttpRequest } from '../../../../worker/node/web/http-request.ts';
import { httpPrelude, httpResult } from '../../../../worker/node/web/http-result.ts';
import { parseHttpEvent } from '../../../../worker/node/web/parse-http-event.ts';
import { functionUrlEvent, loadBalancerEvent, restApiEvent } from './http-events.ts';

const URL2 = parseHttpEvent(functionUrlEvent()) as HttpRequest;
const REST = parseHttpEvent(restApiEvent()) as HttpRequest;
const ALB = parseHttpEvent(loadBalancerEvent()) as HttpRequest;
const ALB_MULTI = parseHttpEvent(loadBalancerEvent({ multiValueHeaders: {} })) as HttpRequest;

const HEADERS: readonly HeaderField[] = [
  ['content-type', 'text/plain'],
  ['set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
  ['vary', 'accept'],
  ['set-cookie', 'b=2'],
  ['vary', 'cookie'],
];
const RESPONSE = { status: 201, statusText: '', headers: HEADERS, body: Buffer.from('é') };
const COOKIES = ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'];

test('httpResult() answers payload 2.0 with joined headers and a list of cookies', () => {
  assert.deepEqual(httpResult(URL2, RESPONSE), {
    statusCode: 201,
    headers: { 'content-type': 'text/plain', vary: 'accept, cookie' },
    cookies: COOKIES,
    body: 'é',
    isBase64Encoded: false,
  });
});

test('httpResult() answers a REST API with lists of values alone', () => {
  assert.deepEqual(httpResult(REST, RESPONSE), {
    statusCode: 201,
    multiValueHeaders: {
      'content-type': ['text/plain'],
      'set-cookie': COOKIES,
      vary: ['accept', 'cookie'],
    },
    body: 'é',
    isBase64Encoded: false,
  });
});

test('httpResult() answers a load balancer in the form of its request, with a description', () => {
  assert.partialDeepStrictEqual(httpResult(ALB_MULTI, RESPONSE), {
    statusCode: 201,
    statusDescription: '201 Created',
    multiValueHeaders: { 'set-cookie': COOKIES },
  });
  const single = httpResult(ALB, { ...RESPONSE, statusText: 'Made' });
  assert.deepEqual(single, {
    statusCode: 201,
    statusDescription: '201 Made',
    headers: {
      'content-type': 'text/plain',
      vary: 'accept, cookie',
      'set-cookie': COOKIES[0],
      'Set-cookie': COOKIES[1],
    },
    body: 'é',
    isBase64Encoded: false,
  });
});

test('httpResult() gives each of many cookies a name of its own to a load balancer with single values', () => {
  const headers = Array.from({ length: 300 }, (_, index): HeaderField => ['set-cookie', `c${index}`]);
  const result = httpResult(ALB, { ...RESPONSE, headers });
  const names = Object.keys(result.headers ?? {});
  assert.equal(names.length, 300);
  assert.ok(names.every((name) => name.toLowerCase() === 'set-cookie'));
});

test('httpResult() describes a status without a name', () => {
  assert.equal(httpResult(ALB, { ...RESPONSE, status: 599 }).statusDescription, '599 Unknown');
});

test('httpResult() passes no header on that concerns the connection', () => {
  const headers: HeaderField[] = [
    ['connection', 'close, X-Hop'],
    ['x-hop', '1'],
    ['keep-alive', 'timeout=5'],
    ['transfer-encoding', 'chunked'],
    ['trailer', 'x'],
    ['upgrade', 'h2c'],
    ['x-stays', '1'],
  ];
  assert.deepEqual(httpResult(URL2, { ...RESPONSE, headers }).headers, { 'x-stays': '1' });
});

test('httpResult() keeps names of headers that objects have, too', () => {
  const headers: HeaderField[] = [
    ['constructor', 'a'],
    ['__proto__', 'b'],
  ];
  const json = JSON.stringify(httpResult(URL2, { ...RESPONSE, headers }).headers);
  assert.equal(json, '{"constructor":"a","__proto__":"b"}');
});

test('httpResult() turns the bytes of a header into text', () => {
  const value = Buffer.from('Łukasz').toString('latin1');
  const headers: HeaderField[] = [
    ['x-name', value],
    ['x-latin', '\xe9'],
  ];
  const result = httpResult(URL2, { ...RESPONSE, headers });
  assert.deepEqual(result.headers, { 'x-name': 'Łukasz', 'x-latin': 'é' });
});

const TEXT = Buffer.from('{"a":"é"}');
const BINARY = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
const BODIES: readonly [headers: readonly HeaderField[], body: Buffer, isBase64Encoded: boolean][] = [
  [[], TEXT, false],
  [[], BINARY, true],
  [[['content-type', 'application/json; charset=utf-8']], TEXT, false],
  [[['content-type', 'Application/Problem+JSON']], TEXT, false],
  [[['content-type', 'image/svg+xml']], TEXT, false],
  [[['content-type', 'application/javascript']], TEXT, false],
  [[['content-type', 'application/x-www-form-urlencoded']], TEXT, false],
  [[['content-type', 'text/html; charset=iso-8859-1']], Buffer.from('é', 'latin1'), true],
  [[['content-type', 'application/octet-stream']], TEXT, true],
  [[['content-type', 'image/png']], BINARY, true],
  [[['content-type', 'image/png']], Buffer.alloc(0), false],
  [
    [
      ['content-type', 'text/plain'],
      ['content-encoding', 'gzip'],
    ],
    TEXT,
    true,
  ],
  [
    [
      ['content-type', 'text/plain'],
      ['content-encoding', 'identity'],
    ],
    TEXT,
    false,
  ],
];

for (const [headers, body, isBase64Encoded] of BODIES) {
  const said = headers.map(([, value]) => `"${value}"`).join(' and ') || 'nothing said of them';
  test(`httpResult() gives ${body.length} bytes with ${said} as ${isBase64Encoded ? 'base64' : 'text'}`, () => {
    const result = httpResult(URL2, { ...RESPONSE, headers, body });
    assert.equal(result.isBase64Encoded, isBase64Encoded);
    assert.deepEqual(Buffer.from(result.body, isBase64Encoded ? 'base64' : 'utf8'), body);
  });
}

test('httpPrelude() holds status, headers and cookies', () => {
  assert.deepEqual(httpPrelude({ status: 302, statusText: '', headers: HEADERS }), {
    statusCode: 302,
    headers: { 'content-type': 'text/plain', vary: 'accept, cookie' },
    cookies: COOKIES,
  });
});
