import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareFolder } from '../../../../runtime/prepare/folder.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

test('prepareFolder() makes private folders and removes them again', (t) => {
  const tmp = useTmp(t);
  const folder = prepareFolder(tmp);
  assert.equal(folder.root, join(tmp, 'pilotlight'));
  for (const path of [folder.root, folder.functionFolder, folder.cacheFolder, join(folder.root, 'run')]) {
    assert.equal(statSync(path).mode & 0o777, 0o700, path);
  }
  folder.remove();
  assert.deepEqual(readdirSync(tmp), []);
});

test('prepareFolder() leaves a live neighbour alone and takes another name', (t) => {
  const tmp = useTmp(t);
  const first = prepareFolder(tmp);
  writeFileSync(join(first.functionFolder, 'mine'), '');
  const second = prepareFolder(tmp);
  assert.equal(second.root, join(tmp, 'pilotlight-2'));
  assert.ok(existsSync(join(first.functionFolder, 'mine')));
});

test('prepareFolder() removes what a dead bootstrap left', async (t) => {
  const tmp = useTmp(t);
  const child = spawn('/bin/true');
  await once(child, 'exit');
  mkdirSync(join(tmp, 'pilotlight', 'run'), { recursive: true });
  writeFileSync(join(tmp, 'pilotlight', 'owner'), `${child.pid} 12345`);
  writeFileSync(join(tmp, 'pilotlight', 'run', 'w1.sock'), '');
  const folder = prepareFolder(tmp);
  assert.equal(folder.root, join(tmp, 'pilotlight'));
  assert.deepEqual(readdirSync(join(folder.root, 'run')), []);
  assert.deepEqual(readdirSync(tmp), ['pilotlight']);
});

test('prepareFolder() takes a process that got the same id for dead', (t) => {
  const tmp = useTmp(t);
  mkdirSync(join(tmp, 'pilotlight'));
  writeFileSync(join(tmp, 'pilotlight', 'owner'), `${process.pid} 1`);
  assert.equal(prepareFolder(tmp).root, join(tmp, 'pilotlight'));
  assert.notEqual(readFileSync(join(tmp, 'pilotlight', 'owner'), 'utf8'), `${process.pid} 1`);
});

test('prepareFolder() never follows a link that lies under its name', (t) => {
  const tmp = useTmp(t);
  const elsewhere = useTmp(t);
  writeFileSync(join(elsewhere, 'owner'), '1 1');
  symlinkSync(elsewhere, join(tmp, 'pilotlight'));
  assert.equal(prepareFolder(tmp).root, join(tmp, 'pilotlight-2'));
  assert.deepEqual(readdirSync(elsewhere), ['owner']);
});

test('prepareFolder() keeps socket paths below 108 bytes in a deep folder, and removes the short one too', (t) => {
  const tmp = join(useTmp(t), 'deep'.repeat(20));
  mkdirSync(tmp);
  const folder = prepareFolder(tmp);
  const socket = folder.socketPath(1);
  assert.ok(Buffer.byteLength(socket) < 108, socket);
  writeFileSync(socket, '');
  folder.remove();
  assert.equal(existsSync(socket), false);
  assert.deepEqual(readdirSync(tmp), []);
});

test('prepareFolder() names a folder that cannot be written', (t) => {
  const tmp = useTmp(t);
  writeFileSync(join(tmp, 'file'), '');
  assert.throws(() => prepareFolder(join(tmp, 'file')), { code: 'PREPARE_FAILED' });
  assert.throws(() => prepareFolder(join(tmp, 'absent')), { code: 'PREPARE_FAILED' });
});
