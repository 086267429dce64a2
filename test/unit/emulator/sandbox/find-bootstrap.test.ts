import assert from 'node:assert/strict';
import { copyFile, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findBootstrap } from '../../../../runtime/emulator/sandbox/find-bootstrap.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const SCRIPT = '#!/bin/sh\n';

async function useFolders(t: TestContext) {
  const folder = useTmp(t);
  const [opt, task] = [join(folder, 'opt'), join(folder, 'task')];
  await mkdir(opt);
  await mkdir(task);
  return { opt, task, inOpt: join(opt, 'bootstrap'), inTask: join(task, 'bootstrap') };
}

test('findBootstrap() prefers the function over the layers', async (t) => {
  const { opt, task, inOpt, inTask } = await useFolders(t);
  await writeFile(inOpt, SCRIPT, { mode: 0o755 });
  assert.deepEqual(await findBootstrap(opt, task), {
    kind: 'found',
    insidePath: '/opt/bootstrap',
    file: inOpt,
  });
  await writeFile(inTask, SCRIPT, { mode: 0o755 });
  assert.deepEqual(await findBootstrap(opt, task), {
    kind: 'found',
    insidePath: '/var/task/bootstrap',
    file: inTask,
  });
});

test('findBootstrap() does not go on to the layers when the function has one that cannot be executed', async (t) => {
  const { opt, task, inOpt, inTask } = await useFolders(t);
  await writeFile(inOpt, SCRIPT, { mode: 0o755 });
  await writeFile(inTask, SCRIPT, { mode: 0o644 });
  const found = await findBootstrap(opt, task);
  assert.equal(found.kind, 'invalid');
});

test('findBootstrap() passes over a folder and says so when nothing is there', async (t) => {
  const { opt, task, inOpt, inTask } = await useFolders(t);
  await mkdir(inTask);
  assert.equal((await findBootstrap(opt, task)).kind, 'invalid');
  await writeFile(inOpt, SCRIPT, { mode: 0o755 });
  assert.equal((await findBootstrap(opt, task)).kind, 'found');
});

test('findBootstrap() takes a program of this architecture, also through a link', async (t) => {
  const { opt, task, inOpt } = await useFolders(t);
  await copyFile('/bin/true', join(opt, 'program'));
  await symlink('program', inOpt);
  assert.equal((await findBootstrap(opt, task)).kind, 'found');
});

test('findBootstrap() refuses a program of another architecture', async (t) => {
  const { opt, task, inOpt } = await useFolders(t);
  await copyFile('/bin/true', inOpt);
  const file = await open(inOpt, 'r+');
  await file.write(Buffer.from([0xf3, 0]), 0, 2, 18);
  await file.close();
  assert.equal((await findBootstrap(opt, task)).kind, 'invalid');
});

test('findBootstrap() refuses a script without a first line that names its interpreter', async (t) => {
  const { opt, task, inOpt } = await useFolders(t);
  await writeFile(inOpt, 'echo hello\n', { mode: 0o755 });
  assert.equal((await findBootstrap(opt, task)).kind, 'invalid');
});
