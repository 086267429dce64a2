import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import {
  fileBytes,
  identifyChild,
  isRunning,
  proportionalBytes,
  readProcess,
  signalProcess,
  untilGone,
} from '../../../../runtime/emulator/sandbox/process-table.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

/** A process that ends with the test. */
function useProcess(t: TestContext, file: string, args: readonly string[]) {
  const child = execa(file, args, { reject: false, stdin: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    await child;
  });
  assert.ok(child.pid !== undefined);
  return { child, pid: child.pid, identity: identifyChild(child.pid) };
}

test('readProcess() copes with a program whose name has brackets and blanks', async (t) => {
  const program = join(useTmp(t), 'a) Z 1 (b');
  await copyFile('/bin/sleep', program);
  const { pid, identity } = useProcess(t, program, ['1000']);
  const found = await readProcess(pid);
  assert.equal(found?.parentPid, process.pid);
  assert.equal(found?.startTicks, identity.startTicks);
});

test('fileBytes() counts what a process and its children wrote to files', async (t) => {
  const script = 'head -c 1000000 /dev/zero >"$0"; echo done; exec sleep 1000';
  const { child, pid } = useProcess(t, 'sh', ['-c', script, join(useTmp(t), 'file')]);
  await once(child.stdout, 'data');
  const bytes = await fileBytes([pid, 2 ** 22]);
  assert.ok(bytes >= 1_000_000 && bytes < 100_000_000, `${bytes} bytes`);
});

test('signalProcess() spares a process that only has the id of another', async (t) => {
  const { identity } = useProcess(t, '/bin/sleep', ['1000']);
  const former = { ...identity, startTicks: identity.startTicks - 1 };
  assert.equal(await signalProcess(former, 'SIGKILL'), false);
  await untilGone(former);
  assert.equal(await isRunning(identity), true);
  assert.equal(await signalProcess(identity, 'SIGKILL'), true);
  await untilGone(identity);
  assert.equal(await isRunning(identity), false);
});

test('proportionalBytes() leaves out what is not there', async () => {
  const nobody = 2 ** 22 + 1;
  assert.ok((await proportionalBytes([process.pid])) > 10_000_000);
  assert.equal(await proportionalBytes([nobody]), 0);
});
