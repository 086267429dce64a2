import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readProcessStat } from '../../runtime/process-stat.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

/** Leaves three processes behind: in a session of its own, without a parent, and on a port; two without its variables. */
const LEAVER = {
  'function.bundle.js': `import { execFileSync, spawn } from 'node:child_process';
    import { once } from 'node:events';
    const server = "require('net').createServer().listen(0, '127.0.0.1', function () { process.send(this.address().port); process.disconnect(); })";
    async function leave() {
      const sleeper = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: {} });
      const daemon = execFileSync('/bin/sh', ['-c', 'setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!']);
      const listener = spawn(process.execPath, ['-e', server], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: {} });
      const [port] = await once(listener, 'message');
      return { worker: process.pid, pids: [sleeper.pid, Number(daemon), listener.pid], port };
    }
    export const handler = async (act) => {
      if (act === 'leave') return leave();
      if (act === 'exit') process.exit(3);
      if (act === 'hang') for (;;) ;
      if (act === 'kill') process.kill(process.pid, 'SIGKILL');
      return process.pid;
    };`,
};

async function leave(t: TestContext, { api }: TestBootstrap, headers = {}) {
  const { body } = await api.send({ id: 'leave', body: '"leave"', headers });
  const { worker, pids, port } = JSON.parse(String(body));
  t.after(() => {
    for (const pid of pids) if (runs(pid)) process.kill(pid);
  });
  return { worker: Number(worker), pids: pids as number[], port: Number(port) };
}

function runs(pid: number): boolean {
  const { state } = readProcessStat(pid) ?? { state: 'X' };
  return state !== 'Z' && state !== 'X';
}

async function isRefused(port: number): Promise<boolean> {
  const [error] = await once(
    connect(port, '127.0.0.1').on('connect', (...none) => none),
    'error',
  );
  return error.code === 'ECONNREFUSED';
}

for (const launch of ['overlap', 'node']) {
  for (const act of ['exit', 'kill']) {
    test(`what a function left running is gone with its worker (${act}, launch ${launch})`, async (t) => {
      const bootstrap = await useBootstrap(t, { files: LEAVER, variables: { PILOTLIGHT_LAUNCH: launch } });
      // The second worker is started by the bootstrap in either form.
      for (const round of ['1', '2']) {
        const { pids, port } = await leave(t, bootstrap);
        assert.deepEqual(pids.map(runs), [true, true, true]);
        await bootstrap.api.send({ id: `end${round}`, body: JSON.stringify(act) });
        await bootstrap.api.send({ id: `next${round}` });
        assert.deepEqual(pids.map(runs), [false, false, false]);
        assert.ok(await isRefused(port));
      }
    });
  }

  test(`what a function left running is gone with a worn worker (launch ${launch})`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: LEAVER,
      variables: {
        PILOTLIGHT_LAUNCH: launch,
        PILOTLIGHT_MAX_INVOCATIONS: '1',
        PILOTLIGHT_STOP_GRACE_MS: '20000',
      },
    });
    const { pids, port } = await leave(t, bootstrap);
    await bootstrap.api.polled();
    assert.deepEqual(pids.map(runs), [false, false, false]);
    assert.ok(await isRefused(port));
  });
}

test('what a function left running is gone with a worker that is given up at its deadline', async (t) => {
  const bootstrap = await useBootstrap(t, { files: LEAVER });
  const deadline = () => ({ 'lambda-runtime-deadline-ms': String(Date.now() + 3_000) });
  const { pids, port } = await leave(t, bootstrap, deadline());
  const { path } = await bootstrap.api.send({ id: 'hang', body: '"hang"', headers: deadline() });
  assert.match(path, /hang\/error$/);
  // The answer did not wait for the end of the worker; the next one does.
  await bootstrap.api.send({ id: 'next' });
  assert.deepEqual(pids.map(runs), [false, false, false]);
  assert.ok(await isRefused(port));
});

test('what a function left running is gone with the bootstrap', async (t) => {
  const bootstrap = await useBootstrap(t, { files: LEAVER });
  const { pids } = await leave(t, bootstrap);
  await bootstrap.api.polled();
  bootstrap.child.kill('SIGTERM');
  assert.equal(await bootstrap.exited, 0);
  assert.deepEqual(pids.map(runs), [false, false, false]);
  assert.deepEqual(readdirSync(join(bootstrap.folder, 'tmp')), []);
});

test('what another environment left running is let alone', async (t) => {
  const [one, other] = [await useBootstrap(t, { files: LEAVER }), await useBootstrap(t, { files: LEAVER })];
  const { pids } = await leave(t, other);
  await one.api.send({ id: 'a', body: '"kill"' });
  await one.api.send({ id: 'b' });
  assert.deepEqual(pids.map(runs), [true, true, true]);
});

test("what one of two workers left running lives as long as it may be the living one's", async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: LEAVER,
    variables: { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_WORKERS: '2', PILOTLIGHT_LOG: 'debug' },
  });
  await untilSaid(bootstrap, ' ready: ', 2);
  const { worker, pids } = await leave(t, bootstrap);
  for (const [index, dead] of [otherChild(bootstrap, worker), worker].entries()) {
    process.kill(dead, 'SIGKILL');
    await untilSaid(bootstrap, `worker ${dead} is replaced`);
    // It is missed when an event comes.
    await bootstrap.api.send({ id: `event${index}` });
    await untilSaid(bootstrap, ' ready: ', 3 + index);
    assert.deepEqual(pids.map(runs), Array(3).fill(dead !== worker));
  }
});

function otherChild({ child }: TestBootstrap, pid: number): number {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').trim().split(' ');
  return children.map(Number).find((other) => other !== pid && runs(other)) as number;
}
