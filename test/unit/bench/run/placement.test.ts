import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placed, placesOf } from '../../../bench/run/placement.ts';

test('placesOf() parts driver and environment, or joins them, or leaves them alone', () => {
  const { driver, environment } = placesOf('split', 2);
  assert.notEqual(driver, environment);
  assert.equal(placesOf('one', 2).driver, placesOf('one', 2).environment);
  assert.equal(placesOf('free', 1).driver, undefined);
});

test('placesOf() refuses to part them on one processor', () => {
  assert.throws(() => placesOf('split', 1), { code: 'CANNOT' });
});

test('placed() leaves a command as it is where it may run anywhere', () => {
  assert.deepEqual(placed(undefined, '/bin/true', ['a']), ['/bin/true', ['a']]);
});
