import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from './start-host.ts';

const hang = 'return new Promise(() => setInterval(() => {}, 1000));';

test('uncaught exception in a timer answers the running invocation and ends the process with 129', async (t) => {
  const code = `export const handler = () => { setTimeout(() => { throw new RangeError('lost'); }, 5); ${hang} };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const answer = await host.invoke();
  assert.equal(answer.status, 500);
  assert.equal(answer.json.errorType, 'RangeError');
  assert.equal(answer.headers['pilotlight-replace'], '1');
  const { code: status, stdout, stderr } = await host.exit;
  assert.deepEqual([status, stderr], [129, '']);
  assert.match(
    stdout,
    /^\S+\tid-1\tERROR\tInvoke Error\t\{"errorType":"RangeError","errorMessage":"lost",.*\n$/,
  );
});

for (const after of ["return 'fine';", hang]) {
  test(`unhandled rejection before \`${after}\` answers the running invocation`, async (t) => {
    const code = `export const handler = async () => { Promise.reject(new Error('lost')); ${after} };`;
    const host = await startHost(t, { 'function.bundle.js': code });
    const answer = await host.invoke();
    assert.equal(answer.json.errorType, 'Runtime.UnhandledPromiseRejection');
    assert.equal(answer.json.errorMessage, 'Error: lost');
    assert.equal(answer.headers['pilotlight-replace'], '1');
    assert.equal((await host.exit).code, 128);
  });
}

/** What a handler leaves behind in the turn in which its outcome is known, which is "fine" as far as it knows. */
const LEFT_BEHIND: Readonly<Record<string, string>> = {
  'exception in nextTick': "process.nextTick(() => { throw new Error('lost'); }); return 'fine';",
  'exception in nextTick of a nextTick':
    "process.nextTick(() => process.nextTick(() => { throw new Error('lost'); })); return 'fine';",
  'exception in a microtask': "queueMicrotask(() => { throw new Error('lost'); }); return 'fine';",
  'rejection after awaits': "(async () => { await 1; await 2; throw new Error('lost'); })(); return 'fine';",
  'rejection in nextTick': "process.nextTick(() => Promise.reject(new Error('lost'))); return 'fine';",
};

for (const [name, code] of Object.entries(LEFT_BEHIND)) {
  test(`${name} costs the invocation that left it behind its result, and no other answer is sent`, async (t) => {
    const host = await startHost(t, {
      'function.bundle.js': `export const handler = async () => { ${code} };`,
    });
    const answer = await host.invoke();
    assert.equal(answer.status, 500);
    assert.match(String(answer.json.errorMessage), /lost$/);
    assert.equal(answer.headers['pilotlight-replace'], '1');
    assert.match(String((await host.exit).code), /^12[89]$/);
  });
}

test('rejection beside a callback that was called at once costs the result as well', async (t) => {
  const code = `export const handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = false; callback(null, 'fine'); Promise.reject(new Error('lost')); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.equal((await host.invoke()).json.errorType, 'Runtime.UnhandledPromiseRejection');
});

test('uncaught exception between invocations is logged and ends the process', async (t) => {
  const code = `export const handler = async () => { setTimeout(() => { throw new Error('late'); }, 20); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.equal((await host.invoke()).text, 'null');
  const { code: status, stdout } = await host.exit;
  assert.equal(status, 129);
  assert.match(stdout, /^\S+\tid-1\tERROR\tUncaught Exception\t\{"errorType":"Error","errorMessage":"late",/);
});

/** How the second of two invocations that run at once ends the process. */
const FAULTS = {
  'exception in a timer': "setTimeout(() => { throw new Error('its own'); }, 5);",
  'exception in a promise': "Promise.resolve().then(() => { throw new Error('its own'); });",
  'rejection later': "new Promise((_, no) => setTimeout(no, 5, new Error('its own')));",
};

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`fault under concurrency is told to its invocation alone: ${name}`, async (t) => {
    const code = `let count = 0; export const handler = () => { if (++count === 2) { ${fault} } ${hang} };`;
    const host = await startHost(
      t,
      { 'function.bundle.js': code },
      { env: { AWS_LAMBDA_MAX_CONCURRENCY: '2' } },
    );
    const answers = await Promise.all([host.invoke(), host.invoke()]);
    const [other, own] = answers
      .map(({ json }) => json)
      .sort((a) => (a.errorType === 'Runtime.ExitError' ? -1 : 1));
    assert.match(String(own?.errorMessage), /^(?:Error: )?its own$/);
    assert.equal(other?.errorType, 'Runtime.ExitError');
    assert.doesNotMatch(String(other?.errorMessage), /its own/);
    assert.ok(answers.every(({ headers }) => headers['pilotlight-replace'] === '1'));
  });
}

test('fault of an invocation that is over is logged under its id, those that run are told of it', async (t) => {
  const code = `export const handler = async ({ late }) => {
    if (!late) ${hang.replace('return', 'return await')}
    setTimeout(() => { throw new Error('left behind'); }, 20);
  };`;
  const host = await startHost(
    t,
    { 'function.bundle.js': code },
    { env: { AWS_LAMBDA_MAX_CONCURRENCY: '2' } },
  );
  const token = { 'pilotlight-token': host.token };
  const running = host.send('POST', '/invocations/runs', token, '{}');
  assert.equal((await host.send('POST', '/invocations/over', token, '{"late":true}')).text, 'null');
  assert.equal((await running).json.errorType, 'Runtime.ExitError');
  const { stdout } = await host.exit;
  assert.match(stdout, /\tover\tERROR\tUncaught Exception\t.*left behind/);
  assert.match(stdout, /\truns\tERROR\tInvoke Error\t.*Runtime.ExitError/);
});

test('process.exit() in a handler ends the process with its code', async (t) => {
  const host = await startHost(t, { 'function.bundle.js': 'export const handler = () => process.exit(7);' });
  await assert.rejects(host.invoke(), { code: 'ECONNRESET' });
  assert.equal((await host.exit).code, 7);
});

test('end of standard input ends an idle and a busy host', async (t) => {
  const idle = await startHost(t, { 'function.bundle.js': 'export const handler = async () => 1;' });
  idle.closeStdin();
  assert.equal((await idle.exit).code, 0);

  const busy = await startHost(t, {
    'function.bundle.js': `export const handler = () => { process.stdin.resume(); process.stdin.pause(); ${hang} };`,
  });
  const invocation = assert.rejects(busy.invoke(), { code: 'ECONNRESET' });
  busy.closeStdin();
  await invocation;
  assert.equal((await busy.exit).code, 0);
});

test('end of standard input ends a host whose function never stops loading', async (t) => {
  const code = `console.log('loading'); setInterval(() => {}, 1000); await new Promise(() => {});
    export const handler = 1;`;
  const host = await startHost(t, { 'function.bundle.js': code }, { endStdinOnOutput: true });
  assert.equal(host.firstLine.kind, 'last');
  assert.equal((await host.exit).code, 0);
});

test('host goes on when the connection of an invocation is lost', async (t) => {
  const code = `export const handler = async (event) => {
    if (event.wait) { console.log('running'); await new Promise((resolve) => setTimeout(resolve, 50)); }
    return event; };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const lost = host.open('{"wait":true}');
  await host.output();
  lost.destroy();
  for (const event of ['{"n":1}', '{"n":2}']) assert.equal((await host.invoke(event)).text, event);
});

test('error of a function that removed its own folder is told, traced too', async (t) => {
  const code = `import { mkdtempSync, rmdirSync } from 'node:fs'; import { tmpdir } from 'node:os';
    export const handler = () => { const folder = mkdtempSync(tmpdir() + '/pilotlight-gone-');
      process.chdir(folder); rmdirSync(folder); throw new RangeError('mine'); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const answer = await host.invoke('{}', { 'lambda-runtime-trace-id': 'Root=1-2;Sampled=1' });
  assert.equal(answer.json.errorMessage, 'mine');
  assert.equal(answer.headers['pilotlight-replace'], undefined);
  const cause = JSON.parse(String(answer.headers['lambda-runtime-function-xray-error-cause']));
  assert.equal(cause.working_directory, '');
});
