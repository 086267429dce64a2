import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, isWhole, ShortBody, toWholeBody } from '../../../../runtime/http1/whole-body.ts';

const SHORT = [14, 16].flatMap((kib) => [-8, -4, -3, -1, 0, 1].map((more) => kib * 1024 + more));
const TEXTS = [
  ...['', '{"a":1}', 'é', '\ufeff☃', '😀', '\ud800', 'x'.repeat(100_000)],
  ...SHORT.flatMap((length) => ['', 'é', '☃'].map((end) => 'x'.repeat(length - end.length) + end)),
  ...SHORT.map((length) => 'é'.repeat(length)),
];

test('toWholeBody() writes text as UTF-8, short or not', () => {
  for (const text of TEXTS) {
    const body = toWholeBody(text);
    assert.deepEqual(bytesOf(body), Buffer.from(text));
    assert.equal(body.length, Buffer.byteLength(text));
    assert.equal(String(body), Buffer.from(text).toString());
    assert.ok(isWhole(body));
  }
  assert.ok(toWholeBody('{"a":1}') instanceof ShortBody);
});

test('ShortBody is what a buffer of the same bytes is', () => {
  for (const text of TEXTS) {
    const bytes = Buffer.from(text);
    const body = new ShortBody(bytes.toString('latin1'));
    assert.deepEqual(bytesOf(body), bytes);
    assert.equal(body.length, bytes.length);
    assert.equal(`${body}`, bytes.toString());
  }
});
