import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createContextCallbacks } from '../../../../worker/node/adapters/callback.ts';
import { createContextMaker, readFunctionInfo } from '../../../../worker/node/context.ts';
import { Deadlines } from '../../../../worker/node/lifecycle/deadlines.ts';
import { Settlement } from '../../../../worker/node/settlement.ts';
import { startHost } from './start-host.ts';

const ENVIRONMENT = {
  AWS_LAMBDA_FUNCTION_NAME: 'hello',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/hello',
  AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
};

function contextOf(headers: Readonly<Record<string, string>>, deadlines = new Deadlines()) {
  const callbacks = createContextCallbacks(new Settlement(() => {}));
  const createContext = createContextMaker(readFunctionInfo(ENVIRONMENT), deadlines);
  return createContext('id', (name) => headers[name], callbacks);
}

test('createContextMaker() gives handlers everything that Lambda does', () => {
  const { done, succeed, fail, getRemainingTimeInMillis, ...rest } = contextOf({
    'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
    'lambda-runtime-invoked-function-arn': 'arn:hello',
    'lambda-runtime-trace-id': 'Root=1-2',
    'lambda-runtime-client-context': '{"Custom":{"a":"b"}}',
    'lambda-runtime-cognito-identity': '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
    'lambda-runtime-aws-tenant-id': 'tenant',
  });
  assert.deepEqual(rest, {
    functionName: 'hello',
    functionVersion: '$LATEST',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/hello',
    logStreamName: 'stream',
    invokedFunctionArn: 'arn:hello',
    awsRequestId: 'id',
    clientContext: { Custom: { a: 'b' } },
    identity: { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' },
    tenantId: 'tenant',
    xRayTraceId: 'Root=1-2',
    callbackWaitsForEmptyEventLoop: true,
  });
  assert.deepEqual([typeof done, typeof succeed, typeof fail], ['function', 'function', 'function']);
  assert.ok(getRemainingTimeInMillis() > 50_000 && getRemainingTimeInMillis() <= 60_000);
});

test('createContextMaker() leaves undefined what the headers do not say', () => {
  const context = contextOf({ 'lambda-runtime-client-context': '' });
  assert.deepEqual(
    [context.clientContext, context.identity, context.tenantId, context.xRayTraceId],
    Array(4).fill(undefined),
  );
});

test('createContextMaker() refuses a client context that is no JSON', () => {
  assert.throws(() => contextOf({ 'lambda-runtime-client-context': '{' }), {
    errorType: 'Runtime.PlatformError',
  });
});

test('host reads header values as UTF-8 and fails one invocation for a bad identity', async (t) => {
  const code = 'export const handler = async (event, context) => context;';
  const host = await startHost(t, { 'function.bundle.js': code }, { env: ENVIRONMENT });
  const clientContext = Buffer.from('{"name":"Łukasz ☃"}').toString('latin1');
  const { json } = await host.invoke('{}', { 'Lambda-Runtime-Client-Context': clientContext });
  assert.deepEqual(json.clientContext, { name: 'Łukasz ☃' });
  assert.equal(json.functionName, 'hello');
  assert.equal(json.awsRequestId, 'id-1');
  const bad = await host.invoke('{}', { 'Lambda-Runtime-Cognito-Identity': 'none' });
  assert.equal(bad.json.errorType, 'Runtime.PlatformError');
  assert.equal((await host.invoke()).status, 200);
});

test('host sets _X_AMZN_TRACE_ID for an invocation and deletes it for one without', async (t) => {
  const code = 'export const handler = async () => process.env._X_AMZN_TRACE_ID;';
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.equal((await host.invoke('{}', { 'Lambda-Runtime-Trace-Id': 'Root=1-2' })).json, 'Root=1-2');
  assert.equal((await host.invoke()).json, null);
});

test('context.signal is made once, aborts at the deadline and is no property of copies', async () => {
  const context = contextOf({ 'lambda-runtime-deadline-ms': String(Date.now() + 20) });
  assert.equal('signal' in { ...context }, false);
  const { signal } = context;
  assert.equal(context.signal, signal);
  assert.equal(new Proxy(context, {}).signal, signal);
  // The timer alone would not keep this process alive.
  const alive = setInterval(() => {}, 1_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
  assert.equal(signal.reason.name, 'TimeoutError');
});

test('context.signal of a retry is its own, also when the call that hung past its deadline ends', async (t) => {
  const deadlines = new Deadlines();
  const dueIn = (ms: number) =>
    contextOf({ 'lambda-runtime-deadline-ms': String(Date.now() + ms) }, deadlines);
  const overdue = dueIn(-1_000);
  const { signal: passed } = overdue;
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  if (!passed.aborted) await once(passed, 'abort');
  // Long enough for a busy machine to get to the next line.
  const retry = dueIn(500);
  const { signal } = retry;
  assert.equal(signal.aborted, false);
  assert.equal(overdue.signal, passed);
  deadlines.end('id');
  assert.equal(retry.signal, signal);
  if (!signal.aborted) await once(signal, 'abort');
});

test('context.signal of an invocation that ended never fires, and keeps no loop from being empty', async (t) => {
  const host = await startHost(t, {
    'function.bundle.js': `let last;
      export const handler = async (event, context) => {
        if (event.ask) return new Promise((resolve) => setTimeout(() => resolve(last.aborted), 20));
        last = context.signal;
        if (event.hang) await new Promise(() => {});
      };`,
  });
  const deadline = () => ({ 'lambda-runtime-deadline-ms': String(Date.now() + 1_500) });
  const hanging = await host.invoke('{"hang":true}', deadline());
  assert.equal(hanging.json.errorType, 'Runtime.NodeJsExit');
  await host.invoke('{}', deadline());
  const passed = Date.now() + 1_510;
  while (Date.now() < passed) await host.invoke('{"ask":true}');
  assert.equal((await host.invoke('{"ask":true}')).text, 'false');
});
