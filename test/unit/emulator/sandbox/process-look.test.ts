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

const NOBODY = 2 ** 22 + 1;

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

test('residentBytes() adds up and leaves out what is not there', () => {
  const own = residentBytes([process.pid]);
  assert.ok(own > 0.8 * process.memoryUsage.rss() && own < 1.2 * process.memoryUsage.rss());
  assert.equal(residentBytes([NOBODY]), 0);
});
