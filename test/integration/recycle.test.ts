import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { untilFile } from '../helpers/until-file.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

/** Into a file, since nobody can ask the worker after its end. */
const HOOK = `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  const path = (name) => process.env.TMPDIR + '/' + name;
  pilotlight.onShutdown(async () => {
    writeFileSync(path('ending'), '');
    await delay(5);
    appendFileSync(path('ended'), process.pid + ' ');
  });`;
const bundle = (...code: string[]) => ({ 'function.bundle.js': [HOOK, ...code].join('\n') });
const ended = ({ folder }: TestBootstrap) =>
  readFileSync(join(folder, 'tmp/ended'), 'utf8').trim().split(' ').map(Number);
/** More than a busy machine needs. */
const PATIENT = { PILOTLIGHT_STOP_GRACE_MS: '20000' };

async function ask({ api }: TestBootstrap, ids: string, event: unknown = null): Promise<number[]> {
  const answers: number[] = [];
  for (const id of ids) answers.push(Number((await api.send({ id, body: JSON.stringify(event) })).body));
  return answers;
}

for (const form of [
  {},
  { PILOTLIGHT_LAUNCH: 'node' },
  { PILOTLIGHT_HTTP: 'undici' },
  { PILOTLIGHT_PIPELINE: 'on' },
]) {
  test(`a worker is replaced after PILOTLIGHT_MAX_INVOCATIONS, its hooks first ${JSON.stringify(form)}`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: bundle('export const handler = () => process.pid;'),
      variables: { PILOTLIGHT_MAX_INVOCATIONS: '2', ...PATIENT, ...form },
    });
    const [first, second, third, fourth, fifth] = await ask(bootstrap, 'abcde');
    assert.deepEqual([first, third], [second, fourth]);
    assert.equal(new Set([first, third, fifth]).size, 3);
    assert.deepEqual(ended(bootstrap), [first, third]);
    assert.equal(bootstrap.stderr(), '');
  });
}

test('the next poll goes out when the worn worker has ended and the next one is there', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle('export const handler = () => process.pid;'),
    variables: { PILOTLIGHT_MAX_INVOCATIONS: '1', PILOTLIGHT_LOG: 'debug', ...PATIENT },
  });
  await bootstrap.api.polled();
  const answered = ask(bootstrap, 'a');
  const [pid] = await answered;
  await bootstrap.api.polled();
  assert.deepEqual(ended(bootstrap), [pid]);
  assert.match(bootstrap.stderr(), new RegExp(`worker ${pid} is replaced: it has served 1 invocations`));
  assert.equal(bootstrap.stderr().match(/ ready: /g)?.length, 2);
});

test('a worker is replaced after the invocation that left it with more than PILOTLIGHT_MAX_MEMORY_MIB', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle(
      'const kept = [];',
      'export const handler = (mib) => { kept.push(Buffer.alloc(mib * 2 ** 20, 1)); return process.pid; };',
    ),
    variables: { PILOTLIGHT_MAX_MEMORY_MIB: '200', ...PATIENT },
  });
  const [first, second] = await ask(bootstrap, 'ab', 1);
  const [third] = await ask(bootstrap, 'c', 200);
  const [fourth] = await ask(bootstrap, 'd', 1);
  assert.deepEqual([second, third], [first, first]);
  assert.notEqual(fourth, first);
  assert.deepEqual(ended(bootstrap), [first]);
});

test('a stream comes to its end before its worker is replaced', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle(
      `export const handler = awslambda.streamifyResponse(async (_, stream) => {
        for (const digit of String(process.pid)) { stream.write(digit); await delay(1); }
        stream.end();
      });`,
    ),
    variables: { PILOTLIGHT_MAX_INVOCATIONS: '1', ...PATIENT },
  });
  const pids = await ask(bootstrap, 'abc');
  assert.equal(new Set(pids).size, 3);
  assert.deepEqual(ended(bootstrap), pids.slice(0, 2));
});

test('a worn worker whose hooks hang is killed after the grace', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle(
      'pilotlight.onShutdown(() => new Promise(() => setInterval(() => {}, 1_000)));',
      'export const handler = () => process.pid;',
    ),
    variables: { PILOTLIGHT_MAX_INVOCATIONS: '1', PILOTLIGHT_STOP_GRACE_MS: '1' },
  });
  const pids = await ask(bootstrap, 'abc');
  assert.equal(new Set(pids).size, 3);
  assert.match(
    bootstrap.stderr(),
    new RegExp(`worker ${pids[0]} is killed: its shutdown took more than 1 ms`),
  );
});

test('the hooks of a worn worker run to their end on SIGTERM', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle('export const handler = () => process.pid;'),
    variables: { PILOTLIGHT_MAX_INVOCATIONS: '1', ...PATIENT },
  });
  const [pid] = await ask(bootstrap, 'a');
  await untilFile(join(bootstrap.folder, 'tmp/ending'));
  bootstrap.child.kill('SIGTERM');
  assert.equal(await bootstrap.exited, 0);
  assert.equal(ended(bootstrap)[0], pid);
});

test('on Managed Instances a worn worker gets no further event, and ends when its own are answered', async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: bundle(
      `export const handler = async (event) => {
        if (event === 'wait') {
          writeFileSync(path('waits'), '');
          while (!existsSync(path('go'))) await delay(2);
        }
        return process.pid;
      };`,
    ),
    variables: { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_MAX_INVOCATIONS: '2', ...PATIENT },
  });
  const tmp = join(bootstrap.folder, 'tmp');
  const waiting = ask(bootstrap, 'w', 'wait');
  await untilFile(join(tmp, 'waits'));
  const [first, second, third, fourth, fifth] = await ask(bootstrap, 'abcde');
  assert.deepEqual([first, third], [second, fourth]);
  assert.equal(new Set([first, third, fifth]).size, 3);
  // The second has ended, the first still owes an answer.
  assert.deepEqual(ended(bootstrap), [third]);
  writeFileSync(join(tmp, 'go'), '');
  assert.deepEqual(await waiting, [first]);
  bootstrap.child.kill('SIGTERM');
  assert.equal(await bootstrap.exited, 0);
  assert.deepEqual(ended(bootstrap).sort(), [first, third, fifth].sort());
});
