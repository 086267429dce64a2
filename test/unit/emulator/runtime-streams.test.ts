import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { request } from 'undici';
import { deliver, raw, useRuntimeApi } from './use-runtime-api.ts';

test('a streamed response is collected for a caller that waits for all of it', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const headers = { 'lambda-runtime-function-response-mode': 'streaming' };
  assert.equal((await api.runtime('/invocation/r1/response', 'parts', headers)).status, 202);
  assert.equal(String((await answered).payload), 'parts');
});

test('error trailers of a streamed response become the answer', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const body = Buffer.from('{"errorType":"Late"}').toString('base64');
  const answer = await raw(api.server.address, [
    'POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1',
    'Host: x',
    'Connection: close',
    'Lambda-Runtime-Function-Response-Mode: streaming',
    'Transfer-Encoding: chunked',
    'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    '',
    '3',
    'abc',
    '0',
    'Lambda-Runtime-Function-Error-Type: Late',
    `Lambda-Runtime-Function-Error-Body: ${body}`,
    '',
    '',
  ]);
  assert.match(answer, /^HTTP\/1.1 202 /);
  const { payload, failed } = await answered;
  assert.deepEqual([String(payload), failed], ['{"errorType":"Late"}', true]);
});

test('a result without a mode is passed on as it comes to a caller that takes streams, its error too', async (t) => {
  const api = await useRuntimeApi(t);
  const parts: string[] = [];
  const { answered } = await deliver(api, {
    begin: (contentType) => void parts.push(contentType),
    write: (chunk) => void parts.push(String(chunk)),
  });
  const answer = await raw(api.server.address, [
    'POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1',
    'Host: x',
    'Connection: close',
    'Content-Type: text/own',
    'Transfer-Encoding: chunked',
    'Trailer: Lambda-Runtime-Function-Error-Type',
    '',
    '3',
    'abc',
    '0',
    'Lambda-Runtime-Function-Error-Type: Function.Late',
    '',
    '',
  ]);
  assert.match(answer, /^HTTP\/1.1 202 /);
  const { failed, payload } = await answered;
  assert.deepEqual([parts, failed], [['text/own', 'abc'], true]);
  assert.equal(JSON.parse(String(payload)).errorType, 'Function.Late');
});

test('a stream over its limit is cut there, refused with 413, and told to the caller', async (t) => {
  const api = await useRuntimeApi(t);
  let passed = 0;
  const types: string[] = [];
  const { answered } = await deliver(api, {
    begin: (contentType) => void types.push(contentType),
    write(chunk) {
      passed += chunk.length;
      return undefined;
    },
  });
  const part = Buffer.alloc(1024 * 1024);
  const answer = await request(`http://${api.server.address}/2018-06-01/runtime/invocation/r1/response`, {
    method: 'POST',
    headers: { 'lambda-runtime-function-response-mode': 'streaming', 'content-type': 'text/own' },
    body: Readable.from(
      (function* () {
        for (let count = 0; count < 201; count += 1) yield part;
      })(),
    ),
  });
  assert.equal(answer.statusCode, 413);
  await answer.body.dump();
  assert.deepEqual([passed, types], [209_715_200, ['text/own']]);
  const { payload, failed } = await answered;
  assert.deepEqual([JSON.parse(String(payload)).errorType, failed], ['Function.ResponseSizeTooLarge', true]);
});

test('a stream is read no faster than its caller takes it', async (t) => {
  const api = await useRuntimeApi(t);
  const room = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  let writes = 0;
  const { answered } = await deliver(api, {
    begin() {},
    write() {
      began.resolve();
      writes += 1;
      return writes === 1 ? room.promise : undefined;
    },
  });
  const socket = connect(Number(api.server.address.split(':')[1]), '127.0.0.1');
  socket.write(
    'POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n\r\n1\r\na\r\n1\r\nb\r\n',
  );
  socket.write('0\r\n\r\n');
  await began.promise;
  // By the time another connection is answered, the second part would have been handed over as well.
  assert.equal((await api.call('GET', '/2018-06-01/ping')).content, 'pong');
  assert.equal(writes, 1);
  room.resolve();
  assert.equal((await answered).failed, false);
  assert.equal(writes, 2);
  socket.destroy();
});
