import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineBuffer } from '../../../../runtime/supervisor/line-buffer.ts';

test('LineBuffer gives the same lines however they are cut', () => {
  const text = Buffer.from('first\n\nzweite Zeile: ü€😀\nlast, without end');
  for (let size = 1; size <= text.length; size++) {
    const buffer = new LineBuffer();
    const lines: string[] = [];
    for (let at = 0; at < text.length; at += size) lines.push(...buffer.add(text.subarray(at, at + size)));
    assert.deepEqual(lines, ['first', '', 'zweite Zeile: ü€😀'], `in pieces of ${size}`);
  }
});

test('LineBuffer cuts a line that is too long, and reads on behind it', () => {
  const buffer = new LineBuffer();
  for (let piece = 0; piece < 100; piece++) assert.deepEqual(buffer.add(Buffer.alloc(64 * 1024, 'x')), []);
  const [long, next] = buffer.add(Buffer.from('\nnext\n'));
  assert.equal(long, 'x'.repeat(1_000_000));
  assert.equal(next, 'next');
});
