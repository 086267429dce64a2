import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearScale, logScale } from '../../../bench/page/scale.ts';

test('logScale() gives equal ratios equal distances and keeps what is beyond at its ends', () => {
  const x = logScale([10, 1000], [100, 300], 20);
  assert.deepEqual([10, 100, 1000, 5, 0, 5000].map(x).map(Math.round), [100, 200, 300, 100, 100, 300]);
});

test('logScale() has at least one tick and keeps ticks apart, from narrow to wide domains', () => {
  for (const [low, high] of [
    [0.97, 1.04],
    [0.4, 1.6],
    [60_000, 600_000],
    [68_123, 15e6],
    [3, 4e10],
  ] as const) {
    const x = logScale([low, high], [0, 250], 60);
    assert.ok(x.ticks.length >= 1, `${low} to ${high}`);
    assert.ok(x.ticks.every((tick) => tick >= low && tick <= high));
    const places = x.ticks.map(x);
    for (const [at, place] of places.slice(1).entries()) {
      assert.ok(place - (places[at] ?? 0) >= 40, `${low} to ${high}: ${x.ticks.join(' ')}`);
    }
  }
});

test('linearScale() begins at its domain and puts ticks at round numbers', () => {
  const x = linearScale([0, 93], [0, 100], 20);
  assert.deepEqual(x.ticks, [0, 20, 40, 60, 80]);
  assert.equal(x(46.5), 50);
});

test('a scale of one value has a place for it', () => {
  assert.ok(Number.isFinite(logScale([5, 5], [0, 100], 20)(5)));
  assert.ok(Number.isFinite(linearScale([0, 0], [0, 100], 20)(0)));
});
