import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { useExtensions } from '../extensions/use-extension.ts';
import { act } from '../use-lambda.ts';
import { collectEvents, type Event } from './collect-events.ts';

/** Where an extension has its telemetry sent over TCP. */
async function useTcpListener(t: TestContext) {
  const { events, add, received } = collectEvents();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    createInterface(socket).on('line', (line) => add(JSON.parse(line) as Event));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    events,
    received,
    sockets,
    variables: {
      TELEMETRY: JSON.stringify({
        types: ['platform', 'function'],
        destination: { protocol: 'TCP', port },
        buffering: { maxItems: 1000, maxBytes: 262_144, timeoutMs: 25 },
      }),
    },
  };
}

test('a subscriber over TCP is told line by line on one connection', async (t) => {
  const { events, sockets, variables, received } = await useTcpListener(t);
  const { lambda } = await useExtensions(t, ['ears'], variables);
  for (const line of ['one', 'two']) await act(lambda, 'log', { lines: [line] });
  await received('platform.report', 2);
  assert.equal(sockets.length, 1);
  const lines = events.filter(({ type }) => type === 'function').map(({ record }) => String(record).trim());
  assert.deepEqual(
    lines.filter((line) => line === 'one' || line === 'two'),
    ['one', 'two'],
  );
  assert.equal(events[0]?.type, 'platform.initStart');
});

test('a subscriber over TCP that hung up gets a new connection', async (t) => {
  const { sockets, variables, received } = await useTcpListener(t);
  const { lambda } = await useExtensions(t, ['ears'], variables);
  await act(lambda, 'echo');
  await received('platform.report');
  const closed = once(sockets[0] as Socket, 'close');
  sockets[0]?.destroy();
  await closed;
  // What was sent before the end was noticed may be lost; the connection is not.
  while (sockets.length < 2) await act(lambda, 'echo');
  await act(lambda, 'echo');
  await received('platform.report', 2);
});
