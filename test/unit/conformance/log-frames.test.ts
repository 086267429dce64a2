import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogFrames } from '../../conformance/log-frames.ts';

/** As a runtime writes it. */
function frame(type: number, microseconds: bigint, text: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(type, 0);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  head.writeBigUInt64BE(microseconds, 8);
  return Buffer.concat([head, Buffer.from(text)]);
}

const TWO = Buffer.concat([frame(0xa55a0003, 1n, 'grüße\n'), frame(0xa55a0002, 2n, '')]);

test('readLogFrames() reads frames one behind the other, an empty one too', () => {
  assert.deepEqual(readLogFrames(TWO), [
    { type: 0xa55a0003, microseconds: 1n, text: 'grüße\n' },
    { type: 0xa55a0002, microseconds: 2n, text: '' },
  ]);
  assert.deepEqual(readLogFrames(Buffer.alloc(0)), []);
});

for (const missingBytes of [1, 17]) {
  test(`readLogFrames() refuses frames that lack ${missingBytes} bytes`, () => {
    assert.throws(() => readLogFrames(TWO.subarray(0, -missingBytes)), /A frame of the log at byte/);
  });
}
