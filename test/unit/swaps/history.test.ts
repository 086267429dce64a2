import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staleAnswers } from '../../swaps/history.ts';

const FLIPS = [
  { version: 'v1', flippedMs: 0 },
  { version: 'v2', flippedMs: 100 },
  { version: 'v1', flippedMs: 200 },
];

for (const [version, sentMs, receivedMs, isStale] of [
  ['v1', 10, 20, false],
  ['v1', 90, 120, false],
  ['v2', 90, 120, false],
  ['v1', 101, 120, true],
  ['v2', 80, 99, true],
  ['v2', 201, 210, true],
  ['v1', 190, 201, false],
  ['v3', 0, 300, true],
] as const) {
  test(`staleAnswers() has ${isStale ? 'found' : 'passed'} an answer of ${version} from ${sentMs} to ${receivedMs}`, () => {
    assert.equal(staleAnswers([{ version, sentMs, receivedMs }], FLIPS).length, isStale ? 1 : 0);
  });
}
