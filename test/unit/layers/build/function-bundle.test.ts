import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';
import { readZip } from '../read-zip.ts';

const CLI = fileURLToPath(new URL('../../../../runtime/cli.ts', import.meta.url));
const SCRIPT = '#!/bin/sh\n';
const SHIPPED = ['function.files', 'function.sh', 'src/dist/app.js'];

/** Builds as from a shell that is in `cwd`. */
function build(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [CLI, 'build', ...args, '--name', 'fn', '--json'], {
    cwd,
    encoding: 'utf8',
    env: {},
  });
}

/** Builds and lists what the zip holds. */
async function shipped(cwd: string, ...args: string[]): Promise<{ paths: string[]; rebuilt: boolean }> {
  const { status, stdout, stderr } = build(cwd, ...args);
  assert.equal(status, 0, stderr);
  const { zip, rebuilt } = JSON.parse(stdout);
  return { paths: (await readZip(join(cwd, zip))).map(({ path }) => path), rebuilt };
}

test('a folder that is taken as it is ships neither its own zip nor the layers beside it', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'function.sh': SCRIPT, 'src/dist/app.js': '', 'dist/runtime.zip': 'a layer' });
  assert.deepEqual(await shipped(folder, '.'), { paths: SHIPPED, rebuilt: true });
  assert.deepEqual(await shipped(folder, '.'), { paths: SHIPPED, rebuilt: false });
  const out = ['--out', 'build/zips'];
  assert.deepEqual(await shipped(folder, '.', ...out), { paths: SHIPPED, rebuilt: true });
  assert.deepEqual(await shipped(folder, '.', ...out), { paths: SHIPPED, rebuilt: false });
});

test('a folder that is taken as it is ships zips that are in no folder for what is built', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'site/function.sh': SCRIPT, 'site/dist/runtime.zip': '' });
  const { paths } = await shipped(folder, 'site');
  assert.deepEqual(paths, ['dist/runtime.zip', 'function.files', 'function.sh']);
});

test('a folder that is taken as it is ships no zips that are in it by way of a link', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, {
    'site/function.sh': SCRIPT,
    'site/zips/runtime.zip': 'a layer',
    'kept/runtime.zip': '',
  });
  symlinkSync('site/zips', join(folder, 'out'));
  symlinkSync('../kept', join(folder, 'site/dist'));
  const { paths } = await shipped(join(folder, 'site'), '.', '--out', '../out');
  assert.deepEqual(paths, ['function.files', 'function.sh']);
});

test('a folder that is taken as it is may be named by a link', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'site/function.sh': SCRIPT });
  symlinkSync('site', join(folder, 'link'));
  const { paths } = await shipped(folder, 'link');
  assert.deepEqual(paths, ['function.files', 'function.sh']);
});

test('a folder that is taken as it is can be built into itself', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'function.sh': SCRIPT });
  const paths = ['function.files', 'function.sh'];
  assert.deepEqual(await shipped(folder, '.', '--out', '.'), { paths, rebuilt: true });
  assert.deepEqual(await shipped(folder, '.', '--out', '.'), { paths, rebuilt: false });
});

test('a folder that is taken as it is ships what else is in dist', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'function.sh': SCRIPT, 'dist/app.js': '', 'dist/function-fn.zip': '' });
  const { paths } = await shipped(folder, '.');
  assert.deepEqual(paths, ['dist/app.js', 'function.files', 'function.sh']);
});
