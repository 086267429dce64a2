import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost, type TestHost } from './start-host.ts';

const HANDLER = 'export const handler = async () => 1;';

function shutDown(host: TestHost) {
  return host.send('POST', '/shutdown', { 'pilotlight-token': host.token });
}

/** What the lines of a log say. */
function messages(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t').slice(3).join('\t'));
}

for (const [name, code, hasHook] of [
  ['without any hook', '', false],
  ['with a listener for SIGTERM', `process.on('SIGTERM', () => {});`, true],
  ['with a hook', 'pilotlight.onShutdown(() => {});', true],
] as const) {
  test(`host ${name} says so when it is ready, and exits with 0 at shutdown`, async (t) => {
    const host = await startHost(t, { 'function.bundle.js': code + HANDLER });
    assert.equal(host.firstLine.shutdownHook, hasHook);
    assert.equal((await shutDown(host)).status, 200);
    assert.equal((await host.exit).code, 0);
  });
}

for (const concurrency of [undefined, '4']) {
  const env: Record<string, string> =
    concurrency === undefined ? {} : { AWS_LAMBDA_MAX_CONCURRENCY: concurrency };
  test(`shutdown calls listeners and hooks once and waits for them (concurrency ${concurrency})`, async (t) => {
    const host = await startHost(
      t,
      {
        'function.bundle.js': `import { setTimeout as delay } from 'node:timers/promises';
          process.on('SIGTERM', (...args) => { setTimeout(() => console.log('listener', ...args), 20); });
          process.once('SIGTERM', async () => { await delay(10); console.log('once'); });
          pilotlight.onShutdown(async () => { await delay(1); console.log('first hook'); });
          pilotlight.onShutdown(() => console.log('last hook'));
          ${HANDLER}`,
      },
      { env },
    );
    await shutDown(host);
    const { code, stdout } = await host.exit;
    assert.equal(code, 0);
    assert.equal(messages(stdout)[0], 'last hook');
    assert.deepEqual(messages(stdout).toSorted(), ['first hook', 'last hook', 'listener SIGTERM 15', 'once']);
  });
}

test('shutdown logs hooks that throw, reject or never settle, and runs the others', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `pilotlight.onShutdown(() => console.log('ran'));
      pilotlight.onShutdown(() => { throw new Error('thrown'); });
      pilotlight.onShutdown(async () => { throw new Error('rejected'); });
      pilotlight.onShutdown(() => new Promise(() => {}));
      ${HANDLER}`,
  });
  await shutDown(host);
  const { code, stdout } = await host.exit;
  assert.equal(code, 0);
  assert.ok(messages(stdout).includes('ran'));
  for (const text of ['thrown', 'rejected', 'its promise is pending'])
    assert.match(stdout, new RegExp(`\tERROR\tHook Error\t.*${text}`));
});

test('a listener for SIGTERM may end the process itself', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `process.on('SIGTERM', () => process.exit(7)); ${HANDLER}`,
  });
  await assert.rejects(shutDown(host), { code: 'ECONNRESET' });
  assert.equal((await host.exit).code, 7);
});

test('SIGTERM to the worker neither ends it before its hooks nor calls its listeners twice', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `process.on('SIGTERM', () => console.log('listener'));
      pilotlight.onShutdown(() => console.log('hook')); ${HANDLER}`,
  });
  const written = host.output();
  process.kill(host.pid, 'SIGTERM');
  await written;
  assert.equal((await host.invoke()).text, '1');
  await shutDown(host);
  const { code, stdout } = await host.exit;
  assert.deepEqual([code, messages(stdout)], [0, ['listener', 'hook']]);
});

test('SIGTERM while hooks run calls no listener again', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `process.on('SIGTERM', () => console.log('listener'));
      pilotlight.onShutdown(async () => {
        process.once('SIGTERM', () => console.log('signal'));
        const signal = new Promise((resolve) => process.once('SIGTERM', resolve));
        process.kill(process.pid, 'SIGTERM');
        const alive = setInterval(() => {}, 1_000);
        await signal;
        clearInterval(alive);
      });
      ${HANDLER}`,
  });
  await shutDown(host);
  assert.deepEqual(messages((await host.exit).stdout), ['listener', 'signal']);
});

test('pilotlight refuses a hook that is no function', async (t) => {
  const host = await startHost(t, { 'function.bundle.js': `pilotlight.onShutdown('later'); ${HANDLER}` });
  assert.equal(host.firstLine.errorType, 'TypeError');
  assert.match(String(host.firstLine.errorMessage), /pilotlight\.onShutdown: got string/);
});
