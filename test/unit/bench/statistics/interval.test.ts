import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meanInterval } from '../../../bench/statistics/interval.ts';
import { createNormal } from '../../../bench/statistics/normal.ts';
import { createRandom } from '../../../helpers/random.ts';

const SAMPLES = 500;
const random = createRandom(2);
const normal = createNormal(random);
const draw = (count: number, next = normal) => Array.from({ length: count }, next);

/** Share of the intervals that hold 0, the true value. */
function held(interval: () => ReturnType<typeof meanInterval>): number {
  let count = 0;
  for (let index = 0; index < SAMPLES; index += 1) {
    const { low, high } = interval() ?? assert.fail('no interval');
    if (low <= 0 && high >= 0) count += 1;
  }
  return count / SAMPLES;
}

describe('meanInterval()', () => {
  for (const count of [3, 5, 10]) {
    test(`holds the true mean of ${count} values in 93 of 100 intervals, and not in all`, () => {
      const share = held(() => meanInterval(draw(count)));
      assert.ok(share >= 0.93 && share < 0.99, `${share}`);
    });
  }

  test('holds the true mean where one value in ten is far off', () => {
    const share = held(() => meanInterval(draw(5, () => normal() * (random.chance(0.1) ? 5 : 1))));
    assert.ok(share >= 0.93, `${share}`);
  });

  test('holds the true difference of two means with different scatter', () => {
    const share = held(() =>
      meanInterval(
        draw(5),
        draw(4, () => 3 * normal()),
      ),
    );
    assert.ok(share >= 0.93, `${share}`);
  });

  test('is wider for more confidence, and moves and grows with the values', () => {
    const values = draw(6);
    const narrow = meanInterval(values) ?? assert.fail();
    const wide = meanInterval(values, undefined, 0.99) ?? assert.fail();
    assert.ok(wide.low < narrow.low && narrow.high < wide.high);
    const moved = meanInterval(values.map((value) => 1000 + 10 * value)) ?? assert.fail();
    assert.ok(Math.abs(moved.high - (1000 + 10 * narrow.high)) < 1e-6);
    assert.ok(Math.abs(moved.low - (1000 + 10 * narrow.low)) < 1e-6);
  });

  test('is a point for equal values, and nothing for fewer than 3', () => {
    assert.deepEqual(meanInterval([2, 2, 2]), { low: 2, high: 2 });
    assert.deepEqual(meanInterval([5, 5, 5], [2, 2, 2, 2]), { low: 3, high: 3 });
    assert.equal(meanInterval([1, 2]), undefined);
    assert.equal(meanInterval([1, 2, 3], [1, 2]), undefined);
    assert.equal(meanInterval([]), undefined);
  });
});
