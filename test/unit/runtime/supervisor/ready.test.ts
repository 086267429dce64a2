import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWorkerLine, untilReady } from '../../../../runtime/supervisor/ready.ts';
import { startLimit } from '../../../../runtime/supervisor/start-limit.ts';
import type { WorkerEnd } from '../../../../runtime/supervisor/worker-process.ts';

test('untilReady() gives a worker up that says nothing for as long as it may take', async () => {
  const lines = {
    first: new Promise<undefined>(() => {}),
    closed: new Promise<void>(() => {}),
    last: () => undefined,
  };
  const began = performance.now();
  await assert.rejects(untilReady({ lines, ended: new Promise<WorkerEnd>(() => {}) }, 'node', 1), {
    code: 'WORKER_START_FAILED',
    message: /^Cannot start worker "node": it was not ready after 1 s/,
  });
  assert.ok(performance.now() - began >= 999);
});

test('startLimit() is ten times what an earlier start took, and at least ten seconds', () => {
  assert.deepEqual([0, 999, 2_500].map(startLimit), [10, 10, 25]);
});

test('parseWorkerLine() reads a ready line and fills what is missing', () => {
  assert.deepEqual(
    parseWorkerLine('{"kind":"ready","protocol":1,"host":"node","interpreter":"24.21.0","concurrent":true}'),
    {
      kind: 'ready',
      protocol: 1,
      host: 'node',
      interpreter: '24.21.0',
      concurrent: true,
      stream: false,
      shutdownHook: false,
      rehearses: false,
    },
  );
});

test('parseWorkerLine() reads an init error whose trace is not a list', () => {
  assert.deepEqual(
    parseWorkerLine('{"kind":"initError","protocol":1,"errorType":"E","errorMessage":"m","trace":"x"}'),
    { kind: 'initError', protocol: 1, errorType: 'E', errorMessage: 'm', trace: [] },
  );
});

test('parseWorkerLine() reads the last line, and at most 20 lines of log in it', () => {
  const log = Array.from({ length: 30 }, (_, number) => `line ${number}`);
  const last = { kind: 'last', requestId: 'a', peakMemoryBytes: 1, log };
  assert.deepEqual(parseWorkerLine(JSON.stringify(last)), { ...last, log: log.slice(10) });
});

for (const kind of ['ready', 'initError', 'last']) {
  test(`parseWorkerLine() reads a line of kind ${kind} whose values are objects that pass for others`, () => {
    const odd = { toString: 1, valueOf: 1 };
    const names = [
      'protocol',
      'host',
      'interpreter',
      'errorType',
      'errorMessage',
      'requestId',
      'peakMemoryBytes',
    ];
    const line = { kind, trace: [odd], log: [odd], ...Object.fromEntries(names.map((name) => [name, odd])) };
    assert.equal(parseWorkerLine(JSON.stringify(line))?.kind, kind);
  });
}

for (const text of ['', 'hello', '1', 'null', '[]', '{"kind":"weather"}', '{"kind":']) {
  test(`parseWorkerLine() ignores ${JSON.stringify(text)}`, () => {
    assert.equal(parseWorkerLine(text), undefined);
  });
}
