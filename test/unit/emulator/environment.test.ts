import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeZip } from '../../../layers/build/zip.ts';
import { startLocalLambda } from '../../../runtime/emulator/local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { act, makeFunction, useLambda } from './use-lambda.ts';

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

function errorOf({ value }: { value: unknown }) {
  return value as { errorType: string; errorMessage: string };
}

test('an environment serves one invocation after the other in the same process', async (t) => {
  const { lambda } = await useLambda(t);
  const first = await act(lambda, 'pid');
  const second = await act(lambda, 'pid');
  assert.equal(first.value, second.value);
  assert.ok((first.initMs ?? 0) > 0);
  assert.equal(second.initMs, undefined);
  assert.ok(first.billedMs >= first.durationMs + (first.initMs ?? 0));
  assert.ok(first.memoryBytes > 0);
});

test('an event arrives with every header that has a value', async (t) => {
  const { lambda } = await useLambda(t, { timeoutS: 20 });
  const before = Date.now();
  const result = await lambda.invoke('acts', '{"do":"headers"}', {
    clientContext: '{"custom":{"k":"ä"}}',
    cognitoIdentity: '{"cognitoIdentityId":"i"}',
    tenantId: 'tenant-1',
    traceId: 'Root=1-00000000-000000000000000000000000;Sampled=1',
  });
  const headers = JSON.parse(String(result.payload));
  assert.equal(headers['lambda-runtime-aws-request-id'], result.requestId);
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  assert.ok(deadline >= before + 20_000 && deadline <= Date.now() + 20_000);
  assert.match(
    headers['lambda-runtime-invoked-function-arn'],
    /^arn:aws:lambda:us-east-1:\d{12}:function:acts$/,
  );
  assert.match(
    headers['lambda-runtime-trace-id'],
    /^Root=1-00000000-0{24};Parent=[0-9a-f]{16};Sampled=1;Lineage=/,
  );
  const context = Buffer.from(headers['lambda-runtime-client-context'], 'latin1').toString('utf8');
  assert.equal(context, '{"custom":{"k":"ä"}}');
  assert.equal(headers['lambda-runtime-cognito-identity'], '{"cognitoIdentityId":"i"}');
  assert.equal(headers['lambda-runtime-aws-tenant-id'], 'tenant-1');
});

test("an environment has Lambda's variables and none of the shell's", async (t) => {
  process.env.FROM_THE_SHELL = '1';
  t.after(() => delete process.env.FROM_THE_SHELL);
  const environment = { OWN: 'yes', TZ: 'Europe/Berlin', AWS_REGION: 'mars-1', _HANDLER: 'other' };
  const { lambda } = await useLambda(t, { environment, memoryMiB: 512 });
  const variables = (await act(lambda, 'variables')).value as Record<string, string>;
  assert.equal(variables.FROM_THE_SHELL, undefined);
  assert.equal(variables.AWS_EXECUTION_ENV, undefined);
  assert.equal(variables._X_AMZN_TRACE_ID, undefined);
  assert.deepEqual([variables.OWN, variables.TZ], ['yes', 'Europe/Berlin']);
  assert.deepEqual([variables.AWS_REGION, variables._HANDLER], ['us-east-1', 'ok']);
  assert.equal(variables.AWS_LAMBDA_FUNCTION_NAME, 'acts');
  assert.equal(variables.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, '512');
  assert.equal(variables.AWS_LAMBDA_INITIALIZATION_TYPE, 'on-demand');
  assert.equal(variables.AWS_LAMBDA_LOG_GROUP_NAME, '/aws/lambda/acts');
  assert.match(variables.AWS_LAMBDA_LOG_STREAM_NAME ?? '', /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
  assert.match(variables.AWS_LAMBDA_RUNTIME_API ?? '', /^127\.0\.0\.1:\d+$/);
});

test('a function error is an answer, and the environment goes on', async (t) => {
  const { lambda, lines } = await useLambda(t);
  const before = await act(lambda, 'pid');
  const failed = await act(lambda, 'fail');
  assert.ok(failed.failed);
  assert.deepEqual(failed.value, { errorType: 'BadLuck', errorMessage: 'no good', trace: [] });
  assert.equal((await act(lambda, 'pid')).value, before.value);
  assert.ok(!lines.some((line) => line.startsWith('REPORT') && line.includes('Status')));
});

test('output stands between START and END in the order in which each stream wrote it', async (t) => {
  const { lambda, lines } = await useLambda(t);
  await act(lambda, 'pid');
  lines.length = 0;
  // Few enough to fit into the pipe: what does not fit may leave Node after its answer.
  const wanted = Array.from({ length: 100 }, (_, index) => `line ${index} ${'x'.repeat(60)}`);
  const { requestId, logTail } = await act(lambda, 'log', { lines: wanted });
  assert.equal(lines.at(0), `START RequestId: ${requestId} Version: $LATEST`);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('line ')),
    wanted,
  );
  assert.ok(lines.includes('to standard error'));
  assert.equal(lines.at(-2), `END RequestId: ${requestId}`);
  assert.match(
    lines.at(-1) ?? '',
    /^REPORT RequestId: \S+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB$/,
  );
  assert.equal(logTail.length, 4096);
  assert.ok(
    Buffer.from(logTail)
      .toString()
      .endsWith(`${lines.at(-1)}\n`),
  );
});

test('an invocation that takes too long is answered with a timeout and its environment reset', async (t) => {
  const { lambda, lines } = await useLambda(t, { timeoutS: 5 });
  await act(lambda, 'echo');
  const failed = await act(lambda, 'hang');
  assert.ok(failed.failed);
  assert.deepEqual(failed.value, {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${failed.requestId} Error: Task timed out after 5.00 seconds`,
  });
  assert.match(lines.at(-1) ?? '', /\tStatus: timeout$/);
  assert.ok(lines.some((line) => line.endsWith(`${failed.requestId} Task timed out after 5.00 seconds`)));
  const next = await act(lambda, 'starts');
  assert.equal(next.value, 2, '/tmp is kept');
  assert.equal(next.initMs, undefined);
});

test('a runtime that exits during an invocation is reported with its status and started again', async (t) => {
  const { lambda, lines } = await useLambda(t);
  const first = await act(lambda, 'exit', { code: 5 });
  assert.deepEqual(first.value, {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${first.requestId} Error: Runtime exited with error: exit status 5`,
  });
  assert.match(lines.at(-1) ?? '', /\tStatus: error\tError Type: Runtime.ExitError$/);
  const second = errorOf(await act(lambda, 'exit', { code: 0 }));
  assert.match(second.errorMessage, /Error: Runtime exited without providing a reason$/);
  const third = errorOf(await act(lambda, 'kill'));
  assert.match(third.errorMessage, /Error: Runtime exited with error: signal: killed$/);
  assert.equal((await act(lambda, 'starts')).value, 4);
});

test('an answer that was sent before the runtime exited counts', async (t) => {
  const { lambda } = await useLambda(t);
  const first = await act(lambda, 'answerThenExit');
  assert.ok(!first.failed);
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('a runtime that exits between two invocations costs the next one an init', async (t) => {
  const { lambda } = await useLambda(t);
  await act(lambda, 'exitWhenIdle');
  // The exit may be noticed before or after the next event is handed over; the one after that is served in any case.
  await act(lambda, 'starts');
  const result = await act(lambda, 'starts');
  assert.ok(!result.failed);
  assert.ok(Number(result.value) >= 2);
});

test('an init error reaches the first caller and the following ones', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'error' });
  for (const phase of ['init', 'invoke']) {
    lines.length = 0;
    const failed = await act(lambda, 'echo');
    assert.ok(failed.failed);
    assert.deepEqual(failed.value, { errorType: 'Function.NoLuck', errorMessage: 'cannot begin' });
    assert.ok(lines.includes('about to fail'));
    const report = lines.find((line) => line.startsWith('INIT_REPORT'));
    assert.match(
      report ?? '',
      new RegExp(
        `^INIT_REPORT Init Duration: \\S+ ms\tPhase: ${phase}\tStatus: error\tError Type: Function.NoLuck$`,
      ),
    );
  }
});

test('a runtime that exits during init without a word is an exit error', async (t) => {
  const { lambda } = await useLambda(t, { handler: 'exit' });
  const failed = errorOf(await act(lambda, 'echo'));
  assert.equal(failed.errorType, 'Runtime.ExitError');
  assert.match(
    failed.errorMessage,
    new RegExp(`^RequestId: ${UUID} Error: Runtime exited with error: exit status 7$`),
  );
});

test('an init over its limit is repeated within the invocation', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'hangOnce' }, { initLimitMs: 3000 });
  const result = await act(lambda, 'starts');
  assert.equal(result.value, 2);
  assert.equal(result.initMs, undefined);
  assert.ok(lines.some((line) => /^INIT_REPORT .*\tPhase: init\tStatus: timeout$/.test(line)));
});

test('an init that never ends is a timeout of the invocation', async (t) => {
  const { lambda } = await useLambda(t, { handler: 'hang', timeoutS: 1 }, { initLimitMs: 300 });
  assert.equal(errorOf(await act(lambda, 'echo')).errorType, 'Sandbox.Timedout');
});

test('a debugger lifts the deadline and its port reaches the environment', async (t) => {
  const { lambda } = await useLambda(t, { timeoutS: 1 }, { inspectPort: 9333 });
  const variables = (await act(lambda, 'variables')).value as Record<string, string>;
  assert.equal(variables.PILOTLIGHT_INSPECT, '9333');
  const slow = await act(lambda, 'sleep', { ms: 1100 });
  assert.ok(!slow.failed);
});

test('a function without a bootstrap has no valid entrypoint', async (t) => {
  const folder = useTmp(t);
  const fn = await makeFunction(folder);
  const code = join(folder, 'empty.zip');
  await writeZip(code, [{ path: 'function.bundle.js', content: Buffer.from(''), executable: false }]);
  const lambda = await startLocalLambda({ functions: [{ ...fn, code }], isolation: 'paths' });
  t.after(() => lambda.stop());
  const failed = errorOf(await act(lambda, 'echo'));
  assert.equal(failed.errorType, 'Runtime.InvalidEntrypoint');
  assert.match(
    failed.errorMessage,
    new RegExp(
      `^RequestId: ${UUID} Error: Couldn't find valid bootstrap\\(s\\): \\[/var/task/bootstrap /opt/bootstrap\\]$`,
    ),
  );
});

test('a result over the limit is an error of the function, and the environment goes on', async (t) => {
  const { lambda } = await useLambda(t);
  const failed = errorOf(await act(lambda, 'big', { bytes: 6_291_556 }));
  assert.equal(failed.errorType, 'Function.ResponseSizeTooLarge');
  assert.equal((await act(lambda, 'starts')).value, 1);
});
