import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { execa } from 'execa';
import {
  lookAtProcess,
  lookAtTree,
  residentBytes,
} from '../../../../runtime/emulator/sandbox/process-look.ts';
import { readProcessStat } from '../../../../runtime/process-stat.ts';
import { LUAJIT } from '../../../helpers/clients.ts';
import { needs } from '../../../helpers/needs.ts';

const NOBODY = 2 ** 22 + 1;
/** Its second thread outlives the first. */
const HEADLESS = `
  local ffi = require('ffi')
  ffi.cdef('int pthread_create(long *, void *, void *, void *); void pthread_exit(void *); int pause(void);')
  ffi.C.pthread_create(ffi.new('long[1]'), nil, ffi.cast('void *', ffi.C.pause), nil)
  ffi.C.pthread_exit(nil)`;

test('lookAtTree() lists parents before children', async (t) => {
  const child = execa('/bin/sh', ['-c', 'sleep 1000 & echo $!; wait'], { reject: false });
  t.after(() => child.kill('SIGKILL'));
  const pid = child.pid as number;
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  assert.deepEqual(lookAtTree(pid), [pid, Number(line)]);
  process.kill(Number(line), 'SIGKILL');
  await child;
  assert.deepEqual(lookAtTree(pid), []);
});

test('lookAtProcess() tells who is stopped by a signal', async (t) => {
  const child = execa('/bin/sh', ['-c', 'kill -STOP $$; echo on'], { reject: false });
  t.after(() => child.kill('SIGKILL'));
  const pid = child.pid as number;
  assert.equal(lookAtProcess(process.pid)?.activity, 'running');
  while (lookAtProcess(pid)?.activity !== 'stopped') await new Promise(setImmediate);
  process.kill(pid, 'SIGCONT');
  assert.equal((await child).stdout, 'on');
  assert.equal(lookAtProcess(pid), undefined);
});

test('lookAtProcess() sees one whose first thread is gone', needs('luajit'), async (t) => {
  const child = execa(LUAJIT, ['-e', HEADLESS], { reject: false });
  t.after(() => child.kill('SIGKILL'));
  const pid = child.pid as number;
  while (readProcessStat(pid)?.state !== 'Z') await new Promise(setImmediate);
  assert.equal(lookAtProcess(pid)?.activity, 'blocked');
  assert.deepEqual(lookAtTree(pid), [pid]);
  child.kill('SIGKILL');
  await child;
  assert.equal(lookAtProcess(pid), undefined);
});

test('residentBytes() adds up and leaves out what is not there', () => {
  const own = residentBytes([process.pid]);
  assert.ok(own > 0.8 * process.memoryUsage.rss() && own < 1.2 * process.memoryUsage.rss());
  assert.equal(residentBytes([NOBODY]), 0);
});
