import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseVersion } from '../../../../runtime/emulator/control/alias.ts';

const ALIAS = { name: 'live', description: '', revisionId: '' };

test('an alias gives the other version the share it names, and the main version the rest', () => {
  const alias = { ...ALIAS, version: '1', weights: { 2: 0.25 } };
  const chosen = [0, 0.2499, 0.25, 0.9999].map((draw) => chooseVersion(alias, draw));
  assert.deepEqual(chosen, ['2', '2', '1', '1']);
});

test('an alias without weights, or with a weight of 0 or 1, leads to one version', () => {
  for (const [weights, version] of [
    [{}, '1'],
    [{ 2: 0 }, '1'],
    [{ 2: 1 }, '2'],
  ] as const) {
    const chosen = [0, 0.5, 0.9999].map((draw) => chooseVersion({ ...ALIAS, version: '1', weights }, draw));
    assert.deepEqual(new Set(chosen), new Set([version]));
  }
});
