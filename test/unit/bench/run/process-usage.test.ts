import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { endTree } from '../../../../runtime/emulator/sandbox/end-tree.ts';
import { identifyChild } from '../../../../runtime/emulator/sandbox/process-table.ts';
import { cpuNs, listEnvironment, memoryUse } from '../../../bench/run/process-usage.ts';

/** Runs a script as the leader of a session, until it has printed a line; returns its id and the line. */
async function useSession(t: TestContext, script: string): Promise<{ pid: number; line: string }> {
  const child = spawn('/bin/bash', ['--norc', '-c', script], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {},
  });
  assert.ok(child.pid !== undefined);
  const root = identifyChild(child.pid);
  t.after(() => endTree({ root, rootEndedTicks: () => undefined, variable: 'none' }));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { pid: child.pid, line };
}

test('listEnvironment() finds a process whose parent is gone', async (t) => {
  const { pid, line } = await useSession(t, '(/bin/sleep 1000 & echo $!); exec /bin/sleep 1000');
  assert.deepEqual([...(await listEnvironment(pid))].sort(), [pid, Number(line)].sort());
});

test('listEnvironment() finds a child that left the session', async (t) => {
  const script = '/usr/bin/setsid /bin/bash -c "echo \\$\\$; exec /bin/sleep 1000" & wait';
  const { pid, line } = await useSession(t, script);
  assert.ok((await listEnvironment(pid)).includes(Number(line)));
});

test('cpuNs() counts children that have ended', async (t) => {
  const spin = 'for ((i = 0; i < 300000; i++)); do :; done';
  const { pid } = await useSession(t, `/bin/bash -c '${spin}'; echo done; read`);
  assert.ok((await cpuNs([pid])) >= 50_000_000);
});

test('cpuNs() and memoryUse() count nothing for a process that is gone', async () => {
  const gone = 2 ** 22 + 1;
  assert.equal(await cpuNs([gone]), 0);
  assert.deepEqual(await memoryUse([gone]), { proportionalKiB: 0, privateKiB: 0 });
});

test('memoryUse() has less private memory than proportional memory', async () => {
  const { proportionalKiB, privateKiB } = await memoryUse([process.pid]);
  assert.ok(privateKiB > 1_000);
  assert.ok(proportionalKiB >= privateKiB);
});
