import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../../../layers/deploy/cli.ts';
import { readShift } from '../../../../layers/deploy/shift-options.ts';
import { Output } from '../../../../runtime/cli/output.ts';
import { parseVerb } from '../../../../runtime/cli/verb.ts';

function shiftOf(...args: string[]) {
  const parsed = parseVerb(deploy, ['shop', ...args]);
  return readShift({ ...parsed, output: new Output({}), signal: new AbortController().signal });
}

test('readShift() takes shares, how long they stay, and how many errors they may have', () => {
  assert.equal(shiftOf(), undefined);
  assert.equal(shiftOf('--shift', '100'), undefined);
  assert.deepEqual(shiftOf('--shift', '10%'), { percents: [10], everyMs: 180_000, maxErrorPercent: 1 });
  assert.deepEqual(shiftOf('--shift', '10,50,100', '--every', '60s', '--max-error-rate', 'none'), {
    percents: [10, 50],
    everyMs: 60_000,
    maxErrorPercent: undefined,
  });
});

for (const args of [
  ['--shift', '50,10'],
  ['--shift', '0'],
  ['--shift', '10,,20'],
  ['--shift', '110'],
  ['--shift', '10', '--every', '60'],
  ['--shift', '10', '--max-error-rate', 'few'],
]) {
  test(`readShift() refuses ${args.join(' ')}`, () => {
    assert.throws(() => shiftOf(...args), { code: 'USAGE' });
  });
}
