import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { readExitStatus } from '../../../../runtime/supervisor/exit-status.ts';

/** The first thread of about every third is gone before the others. */
const ROUNDS = 12;
/** Memory that takes the kernel a while to give back, and more threads than one. */
const LARGE =
  'globalThis.all = Array.from({ length: 3e5 }, (_, i) => ({ i })); console.log(1); setInterval(() => {}, 1e6);';

test('a killed process has ended when the last of its threads is gone', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, ['-e', LARGE], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    // Without a turn of the loop between, in which Node would wait for it.
    let status: ReturnType<typeof readExitStatus>;
    do status = readExitStatus(child.pid as number);
    while (status === undefined);
    assert.equal(readdirSync(`/proc/${child.pid}/task`).length, 1, `in round ${round}`);
    assert.deepEqual(status, { exitCode: undefined, signal: 'SIGKILL' });
    await once(child, 'close');
  }
});
