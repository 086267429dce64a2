import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heapLimits } from '../../../runtime/heap-limits.ts';

for (const [memoryMiB, heapMiB, semiSpaceMiB] of [
  [0, 48, 1],
  [128, 48, 4],
  [512, 384, 16],
  [3008, 2568, 64],
  [10240, 8896, 64],
] as const) {
  test(`heapLimits() of ${memoryMiB} MB are ${heapMiB} and ${semiSpaceMiB} MiB`, () => {
    assert.deepEqual(heapLimits(memoryMiB, 1), { heapMiB, semiSpaceMiB });
  });
}

test('heapLimits() leave room for the programs at every size that Lambda has', () => {
  for (let memoryMiB = 128; memoryMiB <= 10_240; memoryMiB++) {
    const { heapMiB, semiSpaceMiB } = heapLimits(memoryMiB, 1);
    const restMiB = memoryMiB - heapMiB - 3 * semiSpaceMiB;
    assert.ok(restMiB >= 64, `${memoryMiB} MB`);
  }
});

test('heapLimits() give each of several workers its share', () => {
  assert.deepEqual(heapLimits(2049, 2), heapLimits(1024, 1));
});
