import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { untilFile } from '../helpers/until-file.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const REGISTER = 'POST /2020-01-01/extension/register';
const EVENT_NEXT = 'GET /2020-01-01/extension/event/next';
/** Into a file, since nobody can ask the function after its end. */
const TELL = `import { appendFileSync, existsSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  const tell = (line) => appendFileSync(process.env.TMPDIR + '/told', line + '\\n');`;
const HANDLER = 'export const handler = () => process.pid;';

const bundle = (...code: string[]) => ({ 'function.bundle.js': [TELL, ...code].join('\n') });
const told = (folder: string) => readFileSync(join(folder, 'tmp/told'), 'utf8');
/** More than a busy machine needs. */
const PATIENT = { PILOTLIGHT_STOP_GRACE_MS: '20000' };

for (const [name, hook] of [
  ['a listener for SIGTERM', `process.on('SIGTERM', async () => { await delay(5); tell('through'); });`],
  ['a hook', `pilotlight.onShutdown(async () => { await delay(5); tell('through'); });`],
] as const) {
  for (const launch of ['overlap', 'node']) {
    test(`the bootstrap registers before it polls, and ${name} runs to its end on SIGTERM (${launch})`, async (t) => {
      const { api, child, exited, folder, stderr } = await useBootstrap(t, {
        files: bundle(hook, HANDLER),
        variables: { PILOTLIGHT_LAUNCH: launch, ...PATIENT },
      });
      await api.send({ id: 'a' });
      await api.polled();
      assert.equal(api.side.calls[0], REGISTER);
      assert.deepEqual(api.side.calls.slice(1).sort(), [EVENT_NEXT, 'poll', 'poll']);
      child.kill('SIGTERM');
      assert.equal(await exited, 0);
      assert.deepEqual([told(folder), stderr()], ['through\n', '']);
    });
  }
}

for (const [value, hook, isRegistered] of [
  ['auto', '', false],
  ['off', `pilotlight.onShutdown(() => tell('through'));`, false],
  ['on', '', true],
] as const) {
  test(`the bootstrap with PILOTLIGHT_SHUTDOWN=${value} and "${hook}" registers: ${isRegistered}`, async (t) => {
    const { api, child, exited, folder } = await useBootstrap(t, {
      files: bundle(hook, HANDLER),
      variables: { PILOTLIGHT_SHUTDOWN: value, ...PATIENT },
    });
    await api.send({ id: 'a' });
    await api.polled();
    assert.equal(api.side.calls[0] === REGISTER, isRegistered);
    child.kill('SIGTERM');
    assert.equal(await exited, 0);
    // A platform that tells of the end all the same is heard.
    if (hook !== '') assert.equal(told(folder), 'through\n');
  });
}

for (const status of [403, 404]) {
  test(`the bootstrap goes on where no extension can register (${status}), and says so once`, async (t) => {
    const { api, stderr } = await useBootstrap(t, {
      files: bundle(`pilotlight.onShutdown(() => {});`, HANDLER),
      prepareApi({ side }) {
        side.registerStatus = status;
      },
    });
    for (const id of ['a', 'b']) assert.match((await api.send({ id })).path, /response$/);
    assert.equal(stderr().match(/cannot register as an extension/g)?.length, 1);
  });
}

test('shutdown hooks wait for the running invocation', async (t) => {
  const { api, child, exited, folder } = await useBootstrap(t, {
    files: bundle(
      `pilotlight.onShutdown(() => tell('hook'));`,
      `export const handler = async () => {
        tell('begun');
        while (!existsSync(process.env.TMPDIR + '/go')) await delay(2);
        tell('answered');
      };`,
    ),
    variables: PATIENT,
  });
  const answered = api.send({ id: 'a' });
  await untilFile(join(folder, 'tmp/told'));
  child.kill('SIGTERM');
  writeFileSync(join(folder, 'tmp/go'), '');
  assert.match((await answered).path, /response$/);
  assert.equal(await exited, 0);
  assert.equal(told(folder), 'begun\nanswered\nhook\n');
});

test('SIGTERM that reaches the worker too runs its listeners and hooks once, all of them', async (t) => {
  const { api, child, exited, folder } = await useBootstrap(t, {
    files: bundle(
      `process.on('SIGTERM', async () => { tell('listener'); await delay(5); tell('through'); });`,
      `pilotlight.onShutdown(() => tell('hook'));`,
      HANDLER,
    ),
    variables: PATIENT,
  });
  const worker = Number((await api.send({ id: 'a' })).body);
  await api.polled();
  process.kill(worker, 'SIGTERM');
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.deepEqual(told(folder).split('\n').sort(), ['', 'hook', 'listener', 'through']);
});

test('a shutdown hook that never ends is cut off with a word, and one that throws is logged', async (t) => {
  const { api, child, exited, stdout, stderr } = await useBootstrap(t, {
    files: bundle(
      `pilotlight.onShutdown(() => { throw new Error('no way out'); });`,
      'pilotlight.onShutdown(() => new Promise(() => setInterval(() => {}, 1_000)));',
      HANDLER,
    ),
    variables: { PILOTLIGHT_STOP_GRACE_MS: '300' },
  });
  await api.send({ id: 'a' });
  await api.polled();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.match(await stdout, /ERROR\tHook Error\t.*no way out/);
  assert.match(stderr(), /worker \d+ is killed: its shutdown took more than 300 ms/);
});
