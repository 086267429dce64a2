import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { useTmp } from '../../helpers/use-tmp.ts';
import { findProgram } from '../../setup/find-program.ts';

test('findProgram() takes the first one in PATH that can be run, then the usual folder', (t) => {
  const folder = useTmp(t);
  const program = { name: 'tool', usualFolder: join(folder, 'usual'), next: 'get it' };
  for (const name of ['text', 'folder/tool', 'first', 'second', 'usual']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ['text', 'first', 'second', 'usual']) writeFileSync(join(folder, name, 'tool'), '');
  for (const name of ['first', 'second', 'usual']) chmodSync(join(folder, name, 'tool'), 0o755);

  const path = ['none', 'text', 'folder', 'first', 'second'].map((name) => join(folder, name)).join(':');
  assert.equal(findProgram(program, path), join(folder, 'first/tool'));
  assert.equal(findProgram(program, join(folder, 'text')), join(folder, 'usual/tool'));
  assert.equal(findProgram(program, undefined), join(folder, 'usual/tool'));
});

test('findProgram() fails with where to get the program', (t) => {
  const program = { name: 'tool', usualFolder: useTmp(t), next: 'get it' };
  assert.throws(() => findProgram(program, ''), { code: 'CANNOT', next: 'get it' });
});
