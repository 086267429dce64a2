import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useGate } from '../../../helpers/use-gate.ts';
import { act, useLambda } from '../use-lambda.ts';
import { toldEvents, useExtensions } from './use-extension.ts';

test('an extension is started before the runtime, told of each invocation, and of the end', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['watch']);
  const first = await lambda.invoke('acts', '{"do":"headers"}');
  const headers = JSON.parse(String(first.payload));
  const second = await act(lambda, 'echo');
  await lambda.stop();
  const facts = {
    functionName: 'acts',
    functionVersion: '$LATEST',
    handler: 'ok',
    accountId: '123456789012',
  };
  assert.ok(lines.includes(`registered ${JSON.stringify(facts)}`));
  assert.ok(lines.includes('EXTENSION\tName: watch\tState: Ready\tEvents: [INVOKE, SHUTDOWN]'));
  const [invoke, again, shutdown, ...rest] = toldEvents(lines);
  assert.deepEqual(rest, []);
  assert.deepEqual(invoke, {
    eventType: 'INVOKE',
    deadlineMs: Number(headers['lambda-runtime-deadline-ms']),
    requestId: first.requestId,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    tracing: { type: 'X-Amzn-Trace-Id', value: headers['lambda-runtime-trace-id'] },
  });
  assert.equal(again?.requestId, second.requestId);
  assert.deepEqual([shutdown?.eventType, shutdown?.shutdownReason], ['SHUTDOWN', 'spindown']);
});

test('an invocation ends when the extension has polled again, while its answer went out before', async (t) => {
  const gate = await useGate(t);
  const { lambda, lines } = await useExtensions(t, ['watch'], { GATE: gate.url });
  const call = await fetch(`${lambda.url}/2015-03-31/functions/acts/invocations`, {
    method: 'POST',
    body: '1',
  });
  assert.equal(await call.text(), '1');
  await gate.reached;
  assert.ok(!lines.some((line) => line.startsWith('REPORT')));
  gate.open();
  const second = await act(lambda, 'starts');
  assert.equal(second.value, 1, 'the second invocation waited for the environment');
});

test('an extension that wants no events is told of none', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['quiet'], { EXTENSION_EVENTS: '' });
  await act(lambda, 'echo');
  await lambda.stop();
  assert.ok(lines.includes('EXTENSION\tName: quiet\tState: Ready\tEvents: []'));
  assert.deepEqual(toldEvents(lines), []);
});

test('several extensions each get their events', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['one', 'two']);
  const { requestId } = await act(lambda, 'echo');
  const told = toldEvents(lines).filter((event) => event.requestId === requestId);
  assert.equal(told.length, 2);
});

for (const [what, action, errorType, message] of [
  ['exits before it registers', 'exit', 'Extension.Crash', 'exit status 3'],
  ['reports an init error', 'initError', 'Extension.NoLuck', ''],
] as const) {
  test(`an extension that ${what} fails the init`, async (t) => {
    const { lambda, lines } = await useExtensions(t, ['bad'], { EXTENSION_ACT: action });
    const { failed, value } = await act(lambda, 'echo');
    const error = value as { errorType: string; errorMessage: string };
    assert.deepEqual([failed, error.errorType], [true, errorType]);
    assert.ok(error.errorMessage.includes(message));
    assert.ok(lines.some((line) => line.startsWith('INIT_REPORT') && line.includes(errorType)));
  });
}

for (const [what, action, errorType] of [
  ['crashes', 'crash', 'Extension.Crash'],
  ['reports an exit error', 'exitError', 'Extension.NoLuck'],
] as const) {
  test(`an extension that ${what} during an invocation resets the environment`, async (t) => {
    const { lambda } = await useExtensions(t, ['bad'], { EXTENSION_ACT: action });
    const gate = await useGate(t);
    const { value } = await act(lambda, 'stream', { parts: [{ gate: gate.url }] });
    assert.equal((value as { errorType: string }).errorType, errorType);
  });
}

test('an extension learns that the environment ends because of a timeout', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['watch'], {}, { timeoutS: 5 });
  const { value } = await act(lambda, 'hang');
  assert.equal((value as { errorType: string }).errorType, 'Sandbox.Timedout');
  assert.equal(toldEvents(lines).at(-1)?.shutdownReason, 'timeout');
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('an extension inside the runtime lets it be asked to end', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'internal' });
  await act(lambda, 'echo');
  await lambda.stop();
  assert.ok(lines.includes('EXTENSION\tName: inside\tState: Ready\tEvents: []'));
  assert.ok(lines.includes('asked to end'));
});

test('a runtime without an extension is ended without being asked', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'signal' });
  await act(lambda, 'echo');
  await lambda.stop();
  assert.ok(!lines.includes('asked to end'));
});

test("an extension has the function's variables and none that is the runtime's alone", async (t) => {
  const { lambda, lines } = await useExtensions(t, ['watch'], { OWN: '1' });
  await act(lambda, 'echo');
  const names =
    lines
      .find((line) => line.startsWith('variables '))
      ?.slice(10)
      .split(',') ?? [];
  for (const name of ['OWN', 'AWS_LAMBDA_RUNTIME_API', 'AWS_ACCESS_KEY_ID', 'AWS_LAMBDA_FUNCTION_NAME']) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(
    names.filter((name) => name.startsWith('_AWS') || name === '_HANDLER' || name === 'LAMBDA_TASK_ROOT'),
    [],
  );
});
