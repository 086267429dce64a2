import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtProcess } from '../../../../runtime/emulator/sandbox/process-look.ts';
import { act, useLambda } from '../use-lambda.ts';
import { toldEvents, useExtensions } from './use-extension.ts';

// Durations are those of Lambda, of which a busy machine makes more; less would be a kill too soon.

test('a runtime with an extension of its own that ignores SIGTERM is killed after 150 ms', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'deaf' });
  const pid = Number((await act(lambda, 'pid')).value);
  const startMs = performance.now();
  await lambda.stop();
  const elapsedMs = performance.now() - startMs;
  assert.ok(lines.includes('asked to end'));
  assert.equal(lookAtProcess(pid), undefined);
  assert.ok(elapsedMs > 140 && elapsedMs < 1900, `${elapsedMs} ms`);
});

test('an extension that goes on after it was told of the end is killed after 2 s', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['stays'], { EXTENSION_ACT: 'stay' });
  await act(lambda, 'echo');
  const startMs = performance.now();
  const startedMs = Date.now();
  await lambda.stop();
  const elapsedMs = performance.now() - startMs;
  const shutdown = toldEvents(lines).at(-1);
  assert.equal(shutdown?.eventType, 'SHUTDOWN');
  const budgetMs = Number(shutdown?.deadlineMs) - startedMs;
  assert.ok(budgetMs >= 2000 && budgetMs < 4000, `${budgetMs} ms`);
  assert.ok(elapsedMs > 1900 && elapsedMs < 8000, `${elapsedMs} ms`);
});

for (const [what, event, reason] of [
  ['the runtime exits', { do: 'exit', code: 1 }, 'failure'],
  ['an invocation takes too long', { do: 'hang' }, 'timeout'],
] as const) {
  test(`an extension is told and started again when ${what}`, async (t) => {
    const { lambda, lines } = await useExtensions(t, ['watch'], {}, { timeoutS: 5 });
    assert.ok((await act(lambda, event.do, event)).failed);
    assert.equal(toldEvents(lines).at(-1)?.shutdownReason, reason);
    assert.equal((await act(lambda, 'starts')).value, 2);
    assert.equal(lines.filter((line) => line.startsWith('registered ')).length, 2);
  });
}

test("a repeated init has the rest of the invocation's time, and costs it that", async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'hangOnce', timeoutS: 8 }, { initLimitMs: 3000 });
  const result = await lambda.invoke('acts', '{"do":"headers"}');
  const remainingMs = Number(JSON.parse(String(result.payload))['lambda-runtime-deadline-ms']) - Date.now();
  assert.ok(remainingMs < 7985, 'the second start of Node is missing in it');
  assert.equal(result.initMs, undefined);
  const phases = lines.filter((line) => line.startsWith('INIT_'));
  assert.deepEqual(
    phases.map((line) => line.split(/[ \t]/, 1)[0]),
    ['INIT_START', 'INIT_REPORT', 'INIT_START'],
  );
});
