import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWorkerLine } from '../../../../runtime/supervisor/ready.ts';

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
