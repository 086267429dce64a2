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
    },
  );
});

test('parseWorkerLine() reads an init error whose trace is not a list', () => {
  assert.deepEqual(
    parseWorkerLine('{"kind":"initError","protocol":1,"errorType":"E","errorMessage":"m","trace":"x"}'),
    { kind: 'initError', protocol: 1, errorType: 'E', errorMessage: 'm', trace: [] },
  );
});

for (const text of ['', 'hello', '1', 'null', '[]', '{"kind":"weather"}', '{"kind":']) {
  test(`parseWorkerLine() ignores ${JSON.stringify(text)}`, () => {
    assert.equal(parseWorkerLine(text), undefined);
  });
}
