import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { DELIVERY, deliver, errorType, raw, useRuntimeApi } from './use-runtime-api.ts';

const LIMIT = 6_291_556;
test('the Runtime API listens below port 32768 and answers ping', async (t) => {
  const { server, call } = await useRuntimeApi(t);
  assert.ok(Number(server.address.split(':')[1]) < 32_768);
  const answer = await call('GET', '/2018-06-01/ping');
  assert.equal(answer.content, 'pong');
});

test('next blocks until an event is delivered and carries its headers', async (t) => {
  const { session, runtime } = await useRuntimeApi(t);
  const polled = runtime('/invocation/next');
  await session.initialised;
  session.deliver(DELIVERY);
  const answer = await polled;
  assert.equal(answer.content, '{"a":1}');
  assert.equal(answer.headers['lambda-runtime-aws-request-id'], 'r1');
  assert.equal(answer.headers['lambda-runtime-invocation-id'], 'n1');
});

test('response goes to the caller and settles the invocation with the following next', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered, settled } = await deliver(api);
  const answer = await api.runtime('/invocation/r1/response', '"ok"', { 'content-type': 'text/x-own' });
  assert.equal(answer.status, 202);
  assert.equal(answer.content, '{"status":"OK"}\n');
  const { payload, contentType, failed } = await answered;
  assert.deepEqual([String(payload), contentType, failed], ['"ok"', 'text/x-own', false]);
  void api.runtime('/invocation/next').catch(() => {});
  await settled;
});

test('error goes to the caller as it is', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const body = '{"errorType":"Own","errorMessage":"m","trace":[]}';
  assert.equal((await api.runtime('/invocation/r1/error', body)).status, 202);
  const { payload, failed } = await answered;
  assert.deepEqual([String(payload), failed], [body, true]);
});

test('a second next while an invocation runs replays its event', async (t) => {
  const api = await useRuntimeApi(t);
  await deliver(api);
  const again = await api.runtime('/invocation/next');
  assert.equal(again.content, '{"a":1}');
  assert.equal((await api.runtime('/invocation/r1/response', '1')).status, 202);
});

test('an event that is delivered while no poll is open goes to the next poll', async (t) => {
  const { session, server, runtime } = await useRuntimeApi(t);
  const socket = connect(Number(server.address.split(':')[1]), '127.0.0.1');
  socket.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n');
  await session.initialised;
  socket.destroy();
  await server.drained();
  session.deliver(DELIVERY);
  assert.equal((await runtime('/invocation/next')).content, '{"a":1}');
});

test('answers out of order are refused', async (t) => {
  const api = await useRuntimeApi(t);
  await deliver(api);
  assert.equal((await api.runtime('/invocation/r1/response', '1')).status, 202);
  const second = await api.runtime('/invocation/r1/error', '{}');
  assert.deepEqual([second.status, errorType(second)], [403, 'InvalidStateTransition']);
  const init = await api.runtime('/init/error', '{}');
  assert.deepEqual([init.status, errorType(init)], [403, 'InvalidStateTransition']);
});

test('an answer to another request id is refused with 400, before the first event too', async (t) => {
  const api = await useRuntimeApi(t);
  const early = await api.runtime('/invocation/r1/response', '1');
  assert.deepEqual([early.status, errorType(early)], [400, 'InvalidRequestID']);
  await deliver(api);
  const other = await api.runtime('/invocation/r2/response', '1');
  assert.deepEqual([other.status, errorType(other)], [400, 'InvalidRequestID']);
  assert.equal((await api.runtime('/invocation/r1/response', '1')).status, 202);
});

test('an answer with the nonce of another delivery is refused with 410', async (t) => {
  const api = await useRuntimeApi(t);
  await deliver(api);
  const header = 'lambda-runtime-invocation-id';
  const late = await api.runtime('/invocation/r1/response', '1', { [header]: 'n0' });
  assert.deepEqual([late.status, errorType(late)], [410, 'InvokeTimeout']);
  assert.equal((await api.runtime('/invocation/r1/response', '1', { [header]: 'n1' })).status, 202);
});

test('init error is accepted once and only before the first next', async (t) => {
  const { session, runtime } = await useRuntimeApi(t);
  const headers = { 'lambda-runtime-function-error-type': 'whatever' };
  assert.equal((await runtime('/init/error', '{"errorType":"E"}', headers)).status, 202);
  assert.equal(String(session.initError?.answer.payload), '{"errorType":"E"}');
  assert.equal(session.initError?.errorType, 'Runtime.Unknown');
  assert.equal((await runtime('/init/error', '{}')).status, 403);
  assert.equal((await runtime('/invocation/next')).status, 403);
});

test('a result over the limit is refused with 413 after the caller got its error', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const answer = await api.runtime('/invocation/r1/response', Buffer.alloc(LIMIT + 1, 'x'));
  assert.deepEqual([answer.status, errorType(answer)], [413, 'RequestEntityTooLarge']);
  const { payload, failed } = await answered;
  assert.ok(failed);
  assert.equal(JSON.parse(String(payload)).errorType, 'Function.ResponseSizeTooLarge');
  assert.equal((await api.runtime('/invocation/r1/error', '{}')).status, 403);
});

test('a result of exactly the limit is accepted', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  assert.equal((await api.runtime('/invocation/r1/response', Buffer.alloc(LIMIT, 'x'))).status, 202);
  assert.equal((await answered).payload.length, LIMIT);
});

test('an unknown response mode fails the invocation and leaves the runtime without a legal call', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const headers = { 'lambda-runtime-function-response-mode': 'Streaming' };
  const answer = await api.runtime('/invocation/r1/response', '1', headers);
  assert.deepEqual([answer.status, errorType(answer)], [400, 'InvalidFunctionResponseMode']);
  assert.equal(JSON.parse(String((await answered).payload)).errorType, 'Runtime.InvalidResponseModeHeader');
  assert.equal((await api.runtime('/invocation/next')).status, 403);
});

for (const [how, framing] of [
  ['ends before its length', ['Content-Length: 10', '', 'abc']],
  ['ends inside a chunk', ['Transfer-Encoding: chunked', '', '5', 'ab']],
  ['has a broken chunk size', ['Transfer-Encoding: chunked', '', 'zz', 'ab']],
] as const) {
  test(`a response that ${how} is refused as truncated`, async (t) => {
    const api = await useRuntimeApi(t);
    const { answered } = await deliver(api);
    const answer = await raw(api.server.address, [
      'POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1',
      'Host: x',
      ...framing,
    ]);
    assert.match(answer, /^HTTP\/1.1 400 /);
    assert.match(answer, /"errorType":"TruncatedHTTPRequest"/);
    assert.equal(JSON.parse(String((await answered).payload)).errorType, 'Runtime.TruncatedResponse');
  });
}

test('a response whose sender hangs up after its last byte still counts', async (t) => {
  const api = await useRuntimeApi(t);
  const { answered } = await deliver(api);
  const socket = connect(Number(api.server.address.split(':')[1]), '127.0.0.1');
  const body = 'x'.repeat(300_000);
  socket.end(
    `POST /2018-06-01/runtime/invocation/r1/response HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  assert.equal(String((await answered).payload), body);
  socket.destroy();
});

test('routes of no API are unknown', async (t) => {
  const { call, runtime } = await useRuntimeApi(t);
  assert.equal((await runtime('/restore/next')).status, 404);
  assert.equal((await call('POST', '/2020-01-01/extension/register', '{}')).status, 404);
});
