import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { useExtensions } from '../extensions/use-extension.ts';
import { act } from '../use-lambda.ts';
import { collectEvents, type Event } from './collect-events.ts';

/** Where an extension has its telemetry sent; the first answers can be refusals. */
async function useListener(t: TestContext, refusals = 0) {
  const { events, add, received } = collectEvents();
  let left = refusals;
  const server = createServer(async (request, response) => {
    const batch = (await json(request)) as Event[];
    left -= 1;
    if (left >= 0) return void response.writeHead(500).end();
    add(...batch);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { events, received, port: (server.address() as AddressInfo).port };
}

function subscription(port: number, types: readonly string[] = ['platform', 'function', 'extension']) {
  return JSON.stringify({
    schemaVersion: '2022-12-13',
    types,
    destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${port}` },
    buffering: { maxItems: 1000, maxBytes: 262_144, timeoutMs: 25 },
  });
}

test('a subscriber is told of init, invocations and their log, in order', async (t) => {
  const { events, port, received } = await useListener(t);
  const { lambda } = await useExtensions(t, ['ears'], { TELEMETRY: subscription(port) });
  const { requestId } = await act(lambda, 'log', { lines: ['hello'] });
  const failed = await act(lambda, 'fail');
  await received('platform.report', 2);
  const platform = events.filter(({ type }) => type.startsWith('platform.'));
  assert.deepEqual(
    platform.slice(0, 9).map(({ type }) => type.slice('platform.'.length)),
    [
      'initStart',
      'telemetrySubscription',
      'extension',
      'initRuntimeDone',
      'initReport',
      'start',
      'runtimeDone',
      'report',
      'start',
    ],
  );
  const of = (type: string, id: string) =>
    events.find(({ type: name, record }) => name === `platform.${type}` && record.requestId === id)?.record;
  const { memorySizeMB, maxMemoryUsedMB, initDurationMs } = of('report', requestId)?.metrics ?? {};
  assert.ok(memorySizeMB === 128 && Number(maxMemoryUsedMB) > 0 && Number(initDurationMs) > 0);
  assert.equal(of('runtimeDone', requestId)?.status, 'success');
  assert.equal(of('runtimeDone', failed.requestId)?.status, 'error');
  const { tracing } = of('start', requestId) as { tracing: { value: string; spanId: string } };
  assert.ok(tracing.value.includes(`Parent=${tracing.spanId};`));
  const at = (type: string, record?: unknown) =>
    events.findIndex((event) => event.type === type && (record === undefined || event.record === record));
  assert.ok(at('platform.start') < at('function', 'hello'));
  assert.ok(at('function', 'hello') < at('platform.report'));
  assert.ok(events.some(({ type, record }) => type === 'extension' && String(record).startsWith('told ')));
  assert.ok(events.every(({ time }) => time === new Date(time).toISOString()));
});

test('a subscriber is told of nothing else than it asked for', async (t) => {
  const { events, port, received } = await useListener(t);
  const { lambda } = await useExtensions(t, ['ears'], { TELEMETRY: subscription(port, ['function']) });
  await act(lambda, 'log', { lines: ['hello'] });
  await received('function', 2);
  assert.deepEqual([...new Set(events.map(({ type }) => type))], ['function']);
});

test('a subscriber is told that the runtime is done while its environment is not', async (t) => {
  const { port, received } = await useListener(t);
  // Polls again only when the gate lets it, and the gate is the listener that waits for the event.
  const gate = createServer(async (_request, response) => {
    await received('platform.runtimeDone');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  t.after(() => gate.close());
  const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  const { lambda } = await useExtensions(t, ['ears'], { TELEMETRY: subscription(port), GATE: url });
  const { failed } = await act(lambda, 'echo');
  assert.equal(failed, false);
});

test('a batch that is refused is told of as dropped with the next one', async (t) => {
  const { events, port, received } = await useListener(t, 1);
  const { lambda } = await useExtensions(t, ['ears'], { TELEMETRY: subscription(port) });
  await act(lambda, 'echo');
  await lambda.stop();
  await received('platform.logsDropped');
  const dropped = events.find(({ type }) => type === 'platform.logsDropped')?.record;
  assert.ok(Number(dropped?.droppedRecords) > 0 && Number(dropped?.droppedBytes) > 0);
});

test('what is left is sent before the extension is told of the end', async (t) => {
  const { events, port } = await useListener(t);
  const lazy = subscription(port).replace('"timeoutMs":25', '"timeoutMs":30000');
  const { lambda } = await useExtensions(t, ['ears'], { TELEMETRY: lazy });
  await act(lambda, 'echo');
  assert.deepEqual(events, []);
  await lambda.stop();
  assert.ok(events.some(({ type }) => type === 'platform.report'));
});

test('a subscriber of the older Logs API is told in the words of that', async (t) => {
  const { events, port } = await useListener(t);
  const variables = { TELEMETRY: subscription(port, ['platform']), TELEMETRY_PATH: '/2020-08-15/logs' };
  const { lambda } = await useExtensions(t, ['ears'], variables);
  const { requestId } = await act(lambda, 'echo');
  await lambda.stop();
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'platform.logsSubscription',
      'platform.extension',
      'platform.start',
      'platform.runtimeDone',
      'platform.end',
      'platform.report',
    ],
  );
  assert.deepEqual(events[4]?.record, { requestId });
});

test('a subscription after the init is refused', async (t) => {
  const variables = { TELEMETRY: subscription(1), EXTENSION_ACT: 'late' };
  const { lambda, lines } = await useExtensions(t, ['ears'], variables);
  await act(lambda, 'echo');
  // What an extension prints may come after the answer.
  await lambda.stop();
  assert.ok(
    lines.some((line) => line.startsWith('subscribed 403 ') && line.includes('SubscriptionClosed')),
    String(lines),
  );
});

for (const [what, change] of [
  ['no known type', { types: ['weather'] }],
  ['a buffer out of bounds', { buffering: { maxItems: 1 } }],
  ['a destination elsewhere', { destination: { protocol: 'HTTP', URI: 'http://example.com:80' } }],
  ['another protocol', { destination: { protocol: 'UDP', port: 80 } }],
] as const) {
  test(`a subscription with ${what} is refused`, async (t) => {
    const { port } = await useListener(t);
    const bad = JSON.stringify({ ...JSON.parse(subscription(port)), ...change });
    const { lambda, lines } = await useExtensions(t, ['ears'], { TELEMETRY: bad });
    assert.equal((await act(lambda, 'echo')).failed, false, String(lines));
    // What an extension prints may come after the answer.
    await lambda.stop();
    assert.ok(
      lines.some((line) => line.startsWith('subscribed 400 ') && line.includes('ValidationError')),
      String(lines),
    );
  });
}

for (const logFormat of ['Text', 'JSON'] as const) {
  test(`a subscriber gets lines in the format ${logFormat} as Lambda hands them on`, async (t) => {
    const { events, port, received } = await useListener(t);
    const environment = { TELEMETRY: subscription(port, ['function']) };
    const { lambda } = await useExtensions(t, ['ears'], environment, { logFormat });
    const lines = ['{"a":1}', 'plain', '{broken'];
    await act(lambda, 'log', { lines });
    await received('function', 4);
    // One comes by another pipe, before or behind the others.
    const records = events
      .map(({ record }): unknown => record)
      .filter((line) => line !== 'to standard error');
    assert.deepEqual(records, logFormat === 'Text' ? lines : [{ a: 1 }, ...lines.slice(1)]);
  });
}
