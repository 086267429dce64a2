import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { useTmp } from '../../helpers/use-tmp.ts';
import { digestOf, isStamped, stamp } from '../../setup/stamp.ts';

test('isStamped() is true only for the inputs that were stamped', (t) => {
  const file = join(useTmp(t), 'installed');
  const digest = digestOf(['lock', '24.21.0']);
  assert.equal(isStamped(file, digest), false);
  stamp(file, digest);
  assert.equal(isStamped(file, digest), true);
  assert.equal(isStamped(file, digestOf(['lock', '24.22.0'])), false);
});

test('digestOf() keeps inputs apart', () => {
  assert.notEqual(digestOf(['ab', 'c']), digestOf(['a', 'bc']));
});
