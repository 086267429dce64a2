import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BARE_PAIR, floorCandidates } from '../../bench/candidates/floor.ts';
import { SUITE, takesPart } from '../../bench/suite.ts';

test('takesPart() keeps the bare pair to the scenarios that say what a second process costs', () => {
  const layers = { unpack: () => Promise.reject(new Error('nothing is started here')) };
  const pair = floorCandidates(layers).find(({ info }) => info.name === BARE_PAIR);
  assert.ok(pair !== undefined);
  assert.deepEqual(
    SUITE.filter((scenario) => takesPart(scenario, pair)).map(({ id }) => id),
    ['warm-split-150', 'warm-one-150', 'warm-free-10k'],
  );
});
