import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCgroupPlace } from '../../runtime/emulator/sandbox/find-cgroup-place.ts';
import { MemoryCgroup } from '../../runtime/emulator/sandbox/memory-cgroup.ts';
import { untilFile } from '../helpers/until-file.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

/** Starts as long as there is no file `broken`, which it makes at an event's word before it ends or hangs. */
const BREAKS = {
  'function.bundle.js': `import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
    const path = (name) => process.env.TMPDIR + '/' + name;
    appendFileSync(path('starts'), 'x');
    const hang = () => new Promise(() => setInterval(() => {}, 1_000_000));
    if (existsSync(path('broken'))) {
      if (readFileSync(path('broken'), 'latin1') === 'hangs') await hang();
      console.error('cannot start');
      process.exit(3);
    }
    export const handler = (event) => {
      if (!event.break) return 'works';
      writeFileSync(path('broken'), event.broken ?? '');
      if (event.break === 'hang') return hang();
      process.exit(1);
    };`,
};
const LIMIT_BYTES = 200 * 1024 * 1024;

test('a worker that does not start again costs invocations an error each, with pauses, until the bootstrap gives up', async (t) => {
  const { api, exited, folder, stderr } = await useBootstrap(t, {
    files: BREAKS,
    variables: { PILOTLIGHT_LOG: 'debug' },
  });
  const first = JSON.parse(String((await api.send({ id: 'a', body: '{"break":true}' })).body));
  assert.match(first.errorMessage, /the worker exited with code 1;/);
  for (const id of ['b', 'c']) {
    const post = await api.send({ id });
    const error = JSON.parse(String(post.body));
    assert.equal(post.headers['lambda-runtime-function-error-type'], 'Runtime.WorkerStartFailed');
    assert.match(
      error.errorMessage,
      /^Cannot start worker "node": the worker exited with code 3; peak memory/,
    );
    assert.match(error.trace.at(-1), /cannot start$/);
  }
  assert.equal(await exited, 1);
  assert.equal(readFileSync(join(folder, 'tmp/starts'), 'utf8').length, 1 + 5);
  const pauses = [...stderr().matchAll(/the next worker is started in (\d+) ms/g)].map(([, ms]) =>
    Number(ms),
  );
  assert.deepEqual(pauses, [100, 200, 400, 800]);
  assert.match(
    stderr(),
    /^pilotlight error WORKER_START_FAILED Cannot start a worker any more: 5 starts in a row failed, the last one with: .*code 3/m,
  );
});

test('a bootstrap gives up also where the last worker was ended at a deadline', {
  timeout: 60_000,
}, async (t) => {
  const { api, exited } = await useBootstrap(t, {
    files: BREAKS,
    variables: { PILOTLIGHT_DEADLINE_MARGIN_MS: '400' },
  });
  await api.polled();
  const headers = { 'lambda-runtime-deadline-ms': String(Date.now() + 2_000) };
  const hung = await api.send({ id: 'a', body: '{"break":"hang"}', headers });
  assert.equal(hung.headers['lambda-runtime-function-error-type'], 'Sandbox.Timedout');
  // A poll waits for no start here, so each event has one, and the last is told that there are no more.
  for (const id of ['b', 'c', 'd', 'e', 'f']) await Promise.race([api.send({ id }), exited]);
  assert.equal(await exited, 1);
});

test('a worker that takes ten times as long to start again is given up', { timeout: 60_000 }, async (t) => {
  const bootstrap = await useBootstrap(t, { files: BREAKS, variables: { PILOTLIGHT_LOG: 'info' } });
  const { api, folder } = bootstrap;
  await api.send({ id: 'a', body: '{"break":true,"broken":"hangs"}' });
  await untilSaid(bootstrap, 'Cannot start worker "node": it was not ready after 10 s');
  rmSync(join(folder, 'tmp/broken'));
  assert.equal(String((await api.send({ id: 'b' })).body), '"works"');
});

test('a worker that starts again after failed tries serves on in the same environment', async (t) => {
  const { api, folder } = await useBootstrap(t, { files: BREAKS });
  await api.send({ id: 'a', body: '{"break":true}' });
  assert.match((await api.send({ id: 'b' })).path, /\/b\/error$/);
  rmSync(join(folder, 'tmp/broken'));
  for (const id of ['c', 'd']) assert.equal(String((await api.send({ id })).body), '"works"');
});

for (const pipeline of ['off', 'on']) {
  test(`no event is asked for before there is a worker for it again (PILOTLIGHT_PIPELINE=${pipeline})`, async (t) => {
    const { api, folder } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `import { existsSync, writeFileSync } from 'node:fs';
          import { setTimeout as delay } from 'node:timers/promises';
          const path = (name) => process.env.TMPDIR + '/' + name;
          if (existsSync(path('died'))) {
            writeFileSync(path('started'), '');
            while (!existsSync(path('go'))) await delay(2);
          }
          export const handler = () => { writeFileSync(path('died'), ''); process.exit(1); };`,
      },
      variables: { PILOTLIGHT_PIPELINE: pipeline },
    });
    assert.match((await api.send({ id: 'a' })).path, /\/a\/error$/);
    let isPolled = false;
    const polled = api.polled().then(() => {
      isPolled = true;
    });
    await untilFile(join(folder, 'tmp/started'));
    assert.equal(isPolled, false);
    writeFileSync(join(folder, 'tmp/go'), '');
    await polled;
  });
}

// No setup could give what a machine forbids.
const { place } = await findCgroupPlace(import.meta.dirname);
if (place !== undefined) {
  test('a worker that the kernel kills for lack of memory is told as such', async (t) => {
    const cgroup = await MemoryCgroup.make(place, LIMIT_BYTES);
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js':
          'export const handler = (event) => { for (const all = []; event.fill; ) all.push(Buffer.alloc(1e6, 1)); return process.pid; };',
      },
      command: (bootstrap) => ['/bin/sh', '-c', 'echo 0 > "$1" && exec "$0"', bootstrap, cgroup.entryFile],
    });
    // After the bootstrap, which ends with what was begun before.
    t.after(() => cgroup.remove());
    const pid = Number((await api.send({ id: 'a' })).body);
    const post = await api.send({ id: 'b', body: '{"fill":true}' });
    assert.equal(post.headers['lambda-runtime-function-error-type'], 'Runtime.OutOfMemory');
    assert.match(String(post.body), /the kernel killed the worker for lack of memory; peak memory not known/);
    assert.notEqual(Number((await api.send({ id: 'c' })).body), pid);
  });
}
