import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { customCandidate } from '../../../bench/candidates/custom.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

test('customCandidate() starts the bootstrap of a folder in it', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'mine/bootstrap': '#!/bin/sh\n' });
  chmodSync(join(folder, 'mine/bootstrap'), 0o755);
  const { info, prepare } = customCandidate('my own=mine', folder);
  assert.equal(info.name, 'my own');
  const { file, folder: start } = await prepare('unused');
  assert.deepEqual([file, start], [join(folder, 'mine/bootstrap'), join(folder, 'mine')]);
});

test('customCandidate() refuses a folder without an executable bootstrap', (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'mine/bootstrap': '#!/bin/sh\n' });
  chmodSync(join(folder, 'mine/bootstrap'), 0o644);
  assert.throws(() => customCandidate('x=mine', folder), { code: 'USAGE' });
  assert.throws(() => customCandidate('x=.', folder), { code: 'USAGE' });
});

test('customCandidate() splits a command at its blanks, and keeps later equals signs', async () => {
  const { file, args } = await customCandidate('x=env  A=1 ./run', '/folder').prepare('unused');
  assert.deepEqual([file, args], ['env', ['A=1', './run']]);
});

test('customCandidate() finds a program by its path from where it was called', async () => {
  const { file } = await customCandidate('x=./run -v', '/folder').prepare('unused');
  assert.equal(file, '/folder/run');
});

for (const text of ['name', '=command', 'name=', ' =x']) {
  test(`customCandidate() refuses "${text}"`, () => {
    assert.throws(() => customCandidate(text, '/'), { code: 'USAGE' });
  });
}
