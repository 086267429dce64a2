import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from './start-host.ts';

test('host answers three invocations in one process', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js':
      'let count = 0; export const handler = async (event) => ({ event, count: ++count, pid: process.pid });',
  });
  assert.deepEqual(host.firstLine, {
    kind: 'ready',
    protocol: 1,
    host: 'node',
    interpreter: process.versions.node,
    concurrent: true,
    stream: true,
    shutdownHook: false,
    rehearses: true,
  });
  for (const count of [1, 2, 3]) {
    const answer = await host.invoke('{"name":"Ada"}');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(answer.json, { event: { name: 'Ada' }, count, pid: host.pid });
  }
});
