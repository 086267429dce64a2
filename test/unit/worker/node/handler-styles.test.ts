import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHost } from './start-host.ts';

/** A handler in one file, and what becomes of an invocation of it. */
const ANSWERS: Readonly<Record<string, readonly [code: string, expected: unknown]>> = {
  'async function': ['async () => "a"', 'a'],
  'plain value': ['() => "a"', 'a'],
  'plain value of a handler with a context': ['(event, context) => context.awsRequestId', 'id-1'],
  'nothing returned': ['() => {}', null],
  'function as the result': ['async () => () => 1', null],
  thenable: ['() => ({ then: (resolve) => resolve("a") })', 'a'],
  callback: ['(event, context, callback) => { setTimeout(callback, 5, null, "a"); }', 'a'],
  'callback of a handler that returns a timer': [
    '(event, context, callback) => setTimeout(callback, 5, null, "a")',
    'a',
  ],
  'callback without arguments': ['(event, context, callback) => callback()', null],
  'callback before its promise': [
    'async (event, context, callback) => { callback(null, "a"); return "b"; }',
    'a',
  ],
  'promise of a handler that declares a callback': ['async (event, context, callback) => "a"', 'a'],
  'callback called twice': [
    '(event, context, callback) => { callback(null, "a"); callback(null, "b"); }',
    'a',
  ],
  'callback before a throw': [
    '(event, context, callback) => { callback(null, "a"); throw new Error("late"); }',
    'a',
  ],
  'callback that is never called': ['(event, context, callback) => {}', null],
  'context.succeed': ['(event, context) => { setTimeout(context.succeed, 5, "a"); }', 'a'],
  'context.done': ['(event, context) => { context.done(null, "a"); }', 'a'],
  'context.succeed before a callback': [
    '(e, context, callback) => { context.succeed("a"); callback(null, "b"); }',
    'a',
  ],
};

for (const [name, [code, expected]] of Object.entries(ANSWERS)) {
  test(`handler style "${name}" is answered`, async (t) => {
    const host = await startHost(t, { 'function.bundle.js': `export const handler = ${code};` });
    for (const _ of [1, 2]) {
      const answer = await host.invoke();
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json, expected);
    }
  });
}

const ERRORS: Readonly<Record<string, readonly [code: string, errorType: string, errorMessage: string]>> = {
  throw: ['() => { throw new TypeError("bad") }', 'TypeError', 'bad'],
  rejection: ['async () => { throw new RangeError("bad") }', 'RangeError', 'bad'],
  'callback with an error': ['(event, context, callback) => callback(new Error("bad"))', 'Error', 'bad'],
  'callback with a string': ['(event, context, callback) => callback("bad")', 'string', 'bad'],
  'context.fail': ['(event, context) => { context.fail(new Error("bad")); }', 'Error', 'bad'],
  'context.fail without an error': ['(event, context) => { context.fail(); }', 'string', 'handled'],
  'rejection without a reason': ['() => Promise.reject()', 'undefined', 'undefined'],
  'async, result with a trap that throws': [
    `async () => new Proxy({}, { has() { throw new RangeError('trapped'); } })`,
    'RangeError',
    'trapped',
  ],
  'callback, result with a getter that throws': [
    `(event, context, callback) => callback(null, { get [Symbol.toStringTag]() { throw new RangeError('got'); } })`,
    'RangeError',
    'got',
  ],
};

for (const [name, [code, errorType, errorMessage]] of Object.entries(ERRORS)) {
  test(`handler style "${name}" is a function error`, async (t) => {
    const host = await startHost(t, { 'function.bundle.js': `export const handler = ${code};` });
    for (const _ of [1, 2]) {
      const answer = await host.invoke();
      assert.equal(answer.status, 500);
      assert.equal(answer.json.errorType, errorType);
      assert.equal(answer.json.errorMessage, errorMessage);
      assert.equal(answer.headers['pilotlight-replace'], undefined);
    }
  });
}

test('callback result waits until the event loop is empty', async (t) => {
  const code = `let log; export const handler = (event, context, callback) => {
    log = []; setTimeout(() => log.push('later'), 20); callback(null, log); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.deepEqual((await host.invoke()).json, ['later']);
  assert.deepEqual((await host.invoke()).json, ['later']);
});

test('callback result is sent at once when callbackWaitsForEmptyEventLoop is false', async (t) => {
  const code = `export const handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); callback(null, 'a'); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.equal((await host.invoke()).text, '"a"');
});

test('never-settling promise is answered with Runtime.NodeJsExit and asks for a new worker', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': 'export const handler = () => new Promise(() => {});',
  });
  const answer = await host.invoke();
  assert.equal(answer.status, 500);
  assert.equal(answer.json.errorType, 'Runtime.NodeJsExit');
  assert.equal(answer.headers['pilotlight-replace'], '1');
});

test('concurrent invocations each get their own answer, callbacks included, and no trace variable', async (t) => {
  const code = `const waiting = []; export const handler = (event, context, callback) => {
    waiting.push(() => callback(null, [event, context.xRayTraceId, process.env._X_AMZN_TRACE_ID ?? null]));
    if (waiting.length === 3) for (const answer of waiting) answer(); };`;
  const env = { AWS_LAMBDA_MAX_CONCURRENCY: '3' };
  const host = await startHost(t, { 'function.bundle.js': code }, { env });
  const answers = await Promise.all(
    [1, 2, 3].map((n) => host.invoke(`${n}`, { 'lambda-runtime-trace-id': `t${n}` })),
  );
  assert.deepEqual(
    answers.map(({ json }) => json),
    [1, 2, 3].map((n) => [n, `t${n}`, null]),
  );
});
