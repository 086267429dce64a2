import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readErrorBody } from '../../../runtime/emulator/error-body.ts';

for (const [text, message, trace] of [
  ['{"errorMessage":"no","stackTrace":["at a:1:2"]}', 'no', ['at a:1:2']],
  ['{"errorMessage":"no","trace":["at a:1:2"]}', 'no', ['at a:1:2']],
  ['{"errorMessage":1,"trace":"x"}', '{"errorMessage":1,"trace":"x"}', []],
  ['null', 'null', []],
  ['plain text', 'plain text', []],
  ['', '', []],
] as const) {
  test(`readErrorBody() reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(readErrorBody(text), { message, trace });
  });
}
