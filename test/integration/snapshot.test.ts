import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const RESTORE = 'GET /2018-06-01/runtime/restore/next';
const SNAPSHOT = { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start' };
const FUNCTION = {
  'function.bundle.js': `const calls = [];
    pilotlight.beforeSnapshot(() => calls.push('before'));
    pilotlight.afterRestore(async () => { await null; calls.push('after'); });
    export const handler = () => [...calls, process.env.AWS_LAMBDA_INITIALIZATION_TYPE];`,
};

test('the bootstrap asks for its restore before the first poll, with the hooks round it', async (t) => {
  const { api, stderr } = await useBootstrap(t, { files: FUNCTION, variables: SNAPSHOT });
  const restore = await api.side.restoreAsked();
  assert.deepEqual(api.side.calls, [RESTORE]);
  restore.answer(200);
  assert.equal(String((await api.send({ id: 'a' })).body), '["before","after","snap-start"]');
  assert.deepEqual(api.side.calls.slice(0, 2), [RESTORE, 'poll']);
  assert.equal(stderr(), '');
});

test('the bootstrap takes a wait for its restore that breaks for the restore', async (t) => {
  const { api, stderr } = await useBootstrap(t, { files: FUNCTION, variables: SNAPSHOT });
  (await api.side.restoreAsked()).cut();
  assert.equal(String((await api.send({ id: 'a' })).body), '["before","after","snap-start"]');
  assert.equal(stderr(), '');
});

test('the bootstrap opens no connection before the snapshot that it would use after it', async (t) => {
  const { api } = await useBootstrap(t, {
    files: {
      'function.bundle.js': `pilotlight.onShutdown(() => {}); ${FUNCTION['function.bundle.js']}`,
    },
    variables: SNAPSHOT,
  });
  const restore = await api.side.restoreAsked();
  // That of the wait, and that of the extension, which is registered by then.
  assert.equal(api.side.calls[0], 'POST /2020-01-01/extension/register');
  assert.ok(api.connections() <= 2);
  restore.answer(200);
  assert.match((await api.send({ id: 'a' })).path, /response$/);
});

test('the bootstrap goes on where no snapshot is taken in spite of the variable', async (t) => {
  const { api, stderr } = await useBootstrap(t, { files: FUNCTION, variables: SNAPSHOT });
  (await api.side.restoreAsked()).answer(404);
  assert.equal(String((await api.send({ id: 'a' })).body), '["before","after","snap-start"]');
  assert.match(stderr(), /restore\/next was refused with 404/);
});

test('the bootstrap asks for no restore in other environments, and leaves the variable to the function', async (t) => {
  const variables = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' };
  const { api } = await useBootstrap(t, { files: FUNCTION, variables });
  assert.equal(String((await api.send({ id: 'a' })).body), '["on-demand"]');
  assert.equal(api.side.calls[0], 'poll');
});

test('a beforeSnapshot hook that fails is an init error', async (t) => {
  const { api, exited } = await useBootstrap(t, {
    files: {
      'function.bundle.js': `pilotlight.beforeSnapshot(() => { throw new RangeError('full'); });
        export const handler = () => 1;`,
    },
    variables: SNAPSHOT,
  });
  const { headers, body } = await api.initError();
  assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.BeforeSnapshotError');
  const { errorType, errorMessage, trace } = JSON.parse(String(body));
  assert.deepEqual([errorType, errorMessage], ['Runtime.BeforeSnapshotError', 'RangeError: full']);
  assert.match(trace.join('\n'), /function\.bundle\.js:1/);
  assert.equal(await exited, 1);
  assert.deepEqual(api.side.calls, []);
});

test('an afterRestore hook that fails is a restore error, and no init error', async (t) => {
  const { api, exited } = await useBootstrap(t, {
    files: {
      'function.bundle.js': `pilotlight.afterRestore(() => Promise.reject(new Error('gone')));
        export const handler = () => 1;`,
    },
    variables: SNAPSHOT,
  });
  (await api.side.restoreAsked()).answer(200);
  assert.equal(await exited, 1);
  assert.deepEqual(
    api.posts.map(({ path, headers }) => [path, headers['lambda-runtime-function-error-type']]),
    [['/2018-06-01/runtime/restore/error', 'Runtime.AfterRestoreError']],
  );
});

test('the bootstrap ends with 0 on SIGTERM while it waits for its restore', async (t) => {
  const { api, child, exited } = await useBootstrap(t, { files: FUNCTION, variables: SNAPSHOT });
  await api.side.restoreAsked();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.deepEqual(api.posts, []);
});
