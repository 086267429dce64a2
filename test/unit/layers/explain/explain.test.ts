import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { digestOfContents } from '../../../../layers/build/part-list.ts';
import { writeZip } from '../../../../layers/build/zip.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { goodParts, writeParts } from '../check/good-set.ts';

const CLI = fileURLToPath(new URL('../../../../runtime/cli.ts', import.meta.url));

function explain(...args: string[]) {
  return spawnSync(process.execPath, [CLI, 'explain', ...args], { encoding: 'utf8', env: {} });
}

async function setWithLayer(t: TestContext): Promise<string[]> {
  const folder = useTmp(t);
  const { fn = {}, ...layers } = goodParts();
  const extra = join(folder, 'extra.zip');
  const content = Buffer.from('#!/bin/sh\n');
  await writeZip(extra, [{ path: 'bin/node', content, executable: true }]);
  return [...writeParts(folder, layers), extra, ...writeParts(folder, { fn })];
}

test('explain says from which part each file comes, and what it hides', async (t) => {
  const { stdout, status, stderr } = explain(...(await setWithLayer(t)));
  assert.equal(status, 0, stderr);
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(lines.find(([path]) => path === '/opt/bin/node')?.slice(1), [
    'extra',
    '0.0 kB',
    'hides that of interpreter',
  ]);
  assert.deepEqual(lines.find(([path]) => path === '/var/task/function.bundle.js')?.[1], 'fn');
});

test('explain tells the digest of what a part holds, however it was packed', async (t) => {
  const { stdout } = explain(...(await setWithLayer(t)), '--json');
  const [{ parts }] = JSON.parse(stdout);
  const content = Buffer.from('#!/bin/sh\n');
  const contentsSha256 = digestOfContents([{ path: 'bin/node', content, executable: true }]);
  assert.deepEqual(parts[2], { name: 'extra', kind: 'layer', files: 1, bytes: 10, contentsSha256 });
});

test('explain keeps zips of one name apart', async (t) => {
  const folder = useTmp(t);
  const paths = ['bin/first', 'bin/second'].map((path, index) => ({
    path,
    zip: join(folder, `${index}/extra.zip`),
  }));
  for (const { path, zip } of paths) {
    await writeZip(zip, [{ path, content: Buffer.from(path), executable: true }]);
  }
  const { stdout } = explain(...paths.map(({ zip }) => zip), '--json');
  const [{ parts, files }] = JSON.parse(stdout);
  assert.deepEqual(
    parts.map((part: { name: string; files: number; bytes: number }) => [part.name, part.files, part.bytes]),
    [
      ['extra', 1, 9],
      ['extra', 1, 10],
    ],
  );
  assert.deepEqual(
    files.map((file: { path: string; hides: string[] }) => [file.path, file.hides]),
    [
      ['/opt/bin/first', []],
      ['/opt/bin/second', []],
    ],
  );
});

test('explain says what to do where nothing answers', () => {
  const { stderr, status, stdout } = explain(
    'nobody',
    '--endpoint-url',
    'http://127.0.0.1:9',
    '--region',
    'us-east-1',
  );
  assert.deepEqual([status, stdout], [3, '']);
  assert.match(stderr, /^CANNOT {2}Cannot explain "nobody": .*\n {2}next {2}name a zip/);
});
