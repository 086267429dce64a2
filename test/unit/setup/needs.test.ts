import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSet, optionsFor } from '../../helpers/needs.ts';

test('optionsFor() lets a test run when nothing is missing', () => {
  assert.deepEqual(optionsFor([], false), {});
  assert.deepEqual(optionsFor([], true), {});
});

test('optionsFor() skips with the names and the command that installs them', () => {
  assert.deepEqual(optionsFor(['aws', 'bwrap'], false), {
    skip: 'aws and bwrap not installed: run make setup',
  });
});

test('optionsFor() fails the test when strict, with the same reason', () => {
  const { skip, signal } = optionsFor(['aws'], true);
  assert.equal(skip, undefined);
  assert.equal(signal?.reason.message, 'aws not installed: run make setup');
});

for (const [value, expected] of [
  ['true', true],
  ['1', true],
  ['', false],
  ['0', false],
  ['false', false],
  [undefined, false],
] as const) {
  test(`isSet() takes ${JSON.stringify(value)} as ${expected}`, () => assert.equal(isSet(value), expected));
}
