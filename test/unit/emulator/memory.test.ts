import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act, useLambda } from './use-lambda.ts';

const MIB = 2 ** 20;

test('a function over its memory is ended and says so as on Lambda', async (t) => {
  const { lambda, lines } = await useLambda(t, { memoryMiB: 128 });
  await act(lambda, 'echo');
  const failed = await act(lambda, 'fill', { mib: 1000, stepMs: 20 });
  assert.ok(failed.failed);
  assert.deepEqual(failed.value, {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${failed.requestId} Error: Runtime exited with error: signal: killed`,
  });
  assert.equal(failed.memoryBytes, 128 * MIB);
  assert.match(
    lines.at(-1) ?? '',
    /\tMemory Size: 128 MB\tMax Memory Used: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory$/,
  );
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('an init over the memory is ended in the same way', async (t) => {
  const { lambda, lines } = await useLambda(t, { memoryMiB: 128, handler: 'fill' });
  const { value } = await act(lambda, 'echo');
  assert.equal((value as { errorType: string }).errorType, 'Runtime.OutOfMemory');
  assert.ok(lines.some((line) => /^INIT_REPORT .*\tError Type: Runtime.OutOfMemory$/.test(line)));
});

test('a function with enough memory may use it', async (t) => {
  const { lambda } = await useLambda(t, { memoryMiB: 512 });
  const { failed, memoryBytes } = await act(lambda, 'fill', { mib: 200, stepMs: 1 });
  assert.ok(!failed);
  assert.ok(memoryBytes > 200 * MIB && memoryBytes < 400 * MIB, `${memoryBytes} bytes`);
});

test('the report counts memory that was used and freed in the middle of an invocation', async (t) => {
  const { lambda } = await useLambda(t, { memoryMiB: 512 });
  const before = await act(lambda, 'echo');
  const { memoryBytes } = await act(lambda, 'lend', { mib: 150, ms: 300 });
  assert.ok(memoryBytes > before.memoryBytes + 140 * MIB, `${before.memoryBytes}, then ${memoryBytes} bytes`);
});

test('of several processes the largest is ended, and the function may go on', async (t) => {
  const { lambda } = await useLambda(t, { memoryMiB: 256 });
  const result = await act(lambda, 'lend', { mib: 400, ms: 20_000 });
  assert.equal(result.value, 'SIGKILL');
  assert.equal(result.memoryBytes, 256 * MIB);
});

test('a runtime that is killed for another reason is no matter of memory', async (t) => {
  const { lambda } = await useLambda(t);
  const { value } = await act(lambda, 'kill');
  assert.equal((value as { errorType: string }).errorType, 'Runtime.ExitError');
});
