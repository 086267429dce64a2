import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotate } from '../../../bench/run/rotate.ts';

test('rotate() lets each one be first once before anyone is again', () => {
  const rounds = [0, 1, 2, 3].map((round) => rotate(['a', 'b', 'c'], round).join(''));
  assert.deepEqual(rounds, ['abc', 'bca', 'cab', 'abc']);
});

test('rotate() takes a list of none', () => {
  assert.deepEqual(rotate([], 3), []);
});
