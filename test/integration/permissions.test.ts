import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const TRIES = {
  'data.txt': 'data',
  'function.bundle.js': `
    import { execFileSync } from 'node:child_process';
    import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
    import { createConnection } from 'node:net';
    import { Worker } from 'node:worker_threads';
    const outcome = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
    export const handler = ({ end }) => end ? process.exit(1) : ({
      ownFile: outcome(() => readFileSync(process.env.LAMBDA_TASK_ROOT + '/data.txt')),
      passwd: outcome(() => readFileSync('/etc/passwd')),
      parent: outcome(() => readFileSync('/proc/' + process.ppid + '/environ')),
      write: outcome(() => writeFileSync(process.env.TMPDIR + '/mine', 'x')),
      run: outcome(() => execFileSync('/bin/true')),
      thread: outcome(() => new Worker('', { eval: true }).terminate()),
      net: outcome(() => createConnection(9, '127.0.0.1').on('error', () => {}).destroy()),
    });`,
};
const DENIED = 'ERR_ACCESS_DENIED';
const NOTHING = {
  ownFile: 'done',
  passwd: DENIED,
  parent: DENIED,
  write: DENIED,
  run: DENIED,
  thread: DENIED,
  net: 'done',
};

function restricted(t: TestContext, permissions: string) {
  return useBootstrap(t, { files: TRIES, variables: { PILOTLIGHT_PERMISSIONS: permissions } });
}

test('PILOTLIGHT_PERMISSIONS=none leaves a worker its own files, and says what Node cannot restrict', async (t) => {
  const { api, folder, stderr } = await restricted(t, 'none');
  assert.deepEqual(JSON.parse(String((await api.send({ id: 'a' })).body)), NOTHING);
  assert.match(stderr(), /PILOTLIGHT_PERMISSIONS="none": node [\d.]+ cannot restrict net; its host needs /);
  const run = join(folder, 'tmp/pilotlight/run');
  assert.ok(stderr().includes(`read=${join(folder, 'task')},`) && stderr().includes(`write=${run} besides`));
});

test('PILOTLIGHT_PERMISSIONS allows what it names, also to the worker that replaces another', async (t) => {
  const { api, stderr } = await restricted(t, 'read=/etc, run,worker,net');
  const expected = { ...NOTHING, passwd: 'done', run: 'done', thread: 'done' };
  assert.deepEqual(JSON.parse(String((await api.send({ id: 'a' })).body)), expected);
  await api.send({ id: 'b', body: '{"end":true}' });
  assert.deepEqual(JSON.parse(String((await api.send({ id: 'c' })).body)), expected);
  assert.doesNotMatch(stderr(), /cannot restrict/);
});

for (const [permissions, reason] of [
  ['net=example.com', 'node [\\d.]+ cannot restrict "net" so finely, expected "net"'],
  ['run=git', 'node [\\d.]+ cannot restrict "run" so finely, expected "run"'],
  ['read=data', '"data" is no absolute path'],
  ['read=', '"" is no absolute path'],
  ['constructor', 'node [\\d.]+ knows no "constructor", expected read, write, run, .*, net'],
] as const) {
  test(`PILOTLIGHT_PERMISSIONS=${permissions} is refused at init`, async (t) => {
    const { api, exited } = await restricted(t, permissions);
    const error = JSON.parse(String((await api.initError()).body));
    assert.equal(error.errorType, 'Runtime.SettingInvalid');
    assert.match(error.errorMessage, new RegExp(`PILOTLIGHT_PERMISSIONS="${permissions}": ${reason}`));
    assert.equal(await exited, 1);
  });
}
