import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  INIT_ERROR_PATH,
  INVOCATION_PATH,
  MAX_RESPONSE_BYTES,
} from '../../../../runtime/lambda-api/names.ts';
import { Histogram } from '../../../bench/histogram.ts';
import { answerText, POLL, type RawClient, useTask } from './use-task.ts';

/** Answers one event as an echo does. */
async function echo(client: RawClient): Promise<string> {
  const { requestId, body } = await client.receive();
  client.write(answerText(requestId, body));
  assert.equal((await client.receive()).head.status, 202);
  return requestId;
}

test('the driver measures each event from its writing to its answer and to the next poll', async (t) => {
  const task = await useTask(t, { invocations: 3 });
  const client = await task.connect();
  for (let count = 0; count < 3; count++) {
    client.write(POLL);
    await echo(client);
  }
  client.write(POLL);
  const { latency, turnaround, firstPollNs, firstAnswerNs, invocations } = await task.measured;
  assert.equal(invocations, 3);
  const [latencies, turnarounds] = [latency, turnaround].map((text) => Histogram.decode(text));
  assert.equal(latencies?.count, 3);
  assert.equal(turnarounds?.count, 3);
  assert.ok((latencies?.percentile(50) ?? 0) > 0);
  assert.ok((turnarounds?.mean ?? 0) > (latencies?.mean ?? 0));
  assert.ok(firstAnswerNs > firstPollNs);
});

test('the driver pauses before the measured events, and not before those that warm up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const task = await useTask(t, { warmUp: 2, invocations: 1, idleMs: 1_000 });
  const client = await task.connect();
  client.write(POLL);
  for (let count = 0; count < 2; count++) {
    await echo(client);
    client.write(POLL);
  }
  await task.warm;
  task.measure();
  // Two more to warm up again, and the measured one.
  for (let count = 0; count < 3; count++) {
    let came = false;
    const echoed = echo(client).finally(() => {
      came = true;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal(came, false);
    while (!came) {
      t.mock.timers.tick(1_000);
      await new Promise(setImmediate);
    }
    await echoed;
    client.write(POLL);
  }
  assert.equal((await task.measured).invocations, 1);
});

test('the driver takes a poll in the same write as the answer', async (t) => {
  const task = await useTask(t, { invocations: 20 });
  const client = await task.connect();
  client.write(POLL);
  for (let count = 0; count < 20; count++) {
    const { requestId, body } = await client.receive();
    client.write(answerText(requestId, body) + POLL);
    assert.equal((await client.receive()).head.status, 202);
  }
  assert.equal((await task.measured).invocations, 20);
});

test('the driver reads requests whose bytes come one by one', async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  await client.writeByBytes(POLL);
  const { requestId, body } = await client.receive();
  await client.writeByBytes(answerText(requestId, body) + POLL);
  assert.equal((await task.measured).invocations, 1);
});

test('the driver takes polls and answers on different connections', async (t) => {
  const task = await useTask(t, { invocations: 2 });
  for (let count = 0; count < 3; count++) {
    const polling = await task.connect();
    polling.write(POLL);
    if (count === 2) break;
    const { requestId, body } = await polling.receive();
    polling.close();
    const answering = await task.connect();
    answering.write(answerText(requestId, body));
    assert.equal((await answering.receive()).head.status, 202);
  }
  assert.equal((await task.measured).invocations, 2);
});

test('the driver gives no event to a connection that closed while it polled', async (t) => {
  const task = await useTask(t, { warmUp: 1, invocations: 1 });
  const lost = await task.connect();
  lost.write(POLL);
  await echo(lost);
  lost.write(POLL);
  await task.warm;
  const staying = await task.connect();
  lost.close();
  staying.write(POLL);
  // Its own connection closing is told after the poll that was sent behind it, or before: both must do.
  const other = await task.connect();
  other.write('GET /unknown HTTP/1.1\r\n\r\n');
  assert.equal((await other.receive()).head.status, 404);
  task.measure();
  for (let count = 0; count < 2; count++) {
    await echo(staying);
    staying.write(POLL);
  }
  assert.equal((await task.measured).invocations, 1);
});

test('the driver reads chunked answers and sends chunked events when told to', async (t) => {
  const task = await useTask(t, { chunked: true });
  const client = await task.connect();
  client.write(POLL);
  const { requestId, body, head } = await client.receive();
  assert.equal(head.bodyEnd.kind, 'chunked');
  assert.equal(body.length, 150);
  client.write(`POST ${INVOCATION_PATH}${requestId}/response HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`);
  client.write(`10\r\n${body.slice(0, 16)}\r\n`);
  client.write(`${(body.length - 16).toString(16)}\r\n${body.slice(16)}\r\n0\r\n\r\n${POLL}`);
  assert.equal((await task.measured).invocations, 1);
});

test('the driver has several events in flight, answered in any order', async (t) => {
  const task = await useTask(t, { inFlight: 2, warmUp: 4, invocations: 4 });
  const clients = [await task.connect(), await task.connect()];
  for (const client of clients) client.write(POLL);
  void task.warm.then(() => task.measure());
  const ids = new Set<string>();
  for (;;) {
    const events = await Promise.race([
      task.measured,
      Promise.all(clients.map((client) => client.receive())),
    ]);
    if (!Array.isArray(events)) break;
    for (const [index, client] of [...clients.entries()].reverse()) {
      const { requestId, body } = events[index] as (typeof events)[0];
      ids.add(requestId);
      client.write(answerText(requestId, body));
      assert.equal((await client.receive()).head.status, 202);
      client.write(POLL);
    }
  }
  assert.ok(ids.size >= 8);
});

test('the driver waits after the warm-up until it is told to measure', async (t) => {
  const task = await useTask(t, { warmUp: 2, invocations: 3 });
  const client = await task.connect();
  client.write(POLL);
  for (let count = 0; count < 2; count++) {
    await echo(client);
    client.write(POLL);
  }
  await task.warm;
  task.measure();
  // As many again as warmed up, because reading the processors' times cools things down.
  for (let count = 0; count < 5; count++) {
    await echo(client);
    client.write(POLL);
  }
  const { invocations, events } = await task.measured;
  assert.deepEqual({ invocations, events }, { invocations: 3, events: 5 });
});

test('the driver takes JSON with other blanks and another order of keys', async (t) => {
  const task = await useTask(t, { invocations: 1 });
  const client = await task.connect();
  client.write(POLL);
  const { requestId, body } = await client.receive();
  const { id, padding } = JSON.parse(body) as { id: number; padding: string };
  client.write(answerText(requestId, JSON.stringify({ padding, id }, null, 2)) + POLL);
  assert.equal((await task.measured).invocations, 1);
});

for (const [what, change] of [
  ['a byte of the event changed', (body: string) => body.replace('xx', 'xy')],
  ['a byte is missing', (body: string) => body.slice(0, -1)],
  ['a byte is too much', (body: string) => `${body} {`],
  ['it is the answer of another event', (body: string) => body.replace('1000000000', '1000000001')],
  ['it is empty', () => ''],
] as const) {
  test(`the driver refuses an answer when ${what}`, async (t) => {
    const task = await useTask(t);
    const client = await task.connect();
    client.write(POLL);
    const { requestId, body } = await client.receive();
    client.write(answerText(requestId, change(body)) + POLL);
    assert.match(await task.failed, /event 1000000000/);
  });
}

test("the driver refuses an answer above Lambda's limit", async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write(POLL);
  const { requestId, body } = await client.receive();
  client.write(answerText(requestId, body + ' '.repeat(MAX_RESPONSE_BYTES)));
  assert.match(await task.failed, /at most/);
});

test('the driver refuses a second answer to an event', async (t) => {
  const task = await useTask(t, { invocations: 2 });
  const client = await task.connect();
  client.write(POLL);
  const { requestId, body } = await client.receive();
  client.write(answerText(requestId, body) + answerText(requestId, body));
  assert.match(await task.failed, /twice/);
});

test('the driver refuses an answer to an event that it never sent', async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write(POLL);
  const { body } = await client.receive();
  client.write(answerText('00000000-0000-4000-8000-001000000009', body));
  assert.match(await task.failed, /never sent/);
});

test("the driver refuses an answer with another delivery's nonce", async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write(POLL);
  const { requestId, body } = await client.receive();
  client.write(answerText(requestId, body, 'lambda-runtime-invocation-id: other\r\n'));
  assert.match(await task.failed, /nonce/);
});

test("the driver tells the function's error", async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write(POLL);
  const { requestId } = await client.receive();
  const body = JSON.stringify({ errorType: 'TypeError', errorMessage: 'no good' });
  client.write(answerText(requestId, body).replace('/response', '/error'));
  assert.match(await task.failed, /event 1000000000 .*TypeError: no good/);
});

test('the driver tells an init error', async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  const body = '{"errorType":"Runtime.ImportModuleError","errorMessage":"gone"}';
  client.write(`POST ${INIT_ERROR_PATH} HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  assert.match(await task.failed, /Runtime\.ImportModuleError: gone/);
});

test('the driver tells that something is no HTTP', async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write('hello\r\n\r\n');
  assert.match(await task.failed, /no request/);
});

test('the driver lets an adapter register as an extension', async (t) => {
  const task = await useTask(t);
  const client = await task.connect();
  client.write('POST /2020-01-01/extension/register HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}');
  const { head } = await client.receive();
  assert.equal(head.status, 200);
  assert.match(head.lines, /^Lambda-Extension-Identifier: /m);
});
