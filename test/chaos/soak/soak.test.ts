import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSoak } from './run-soak.ts';
import { writeSoakReport } from './soak-report.ts';

test('a soak of 5 s has figures of each second, and no invocation is lost', async () => {
  const told: number[] = [];
  const run = await runSoak({
    seed: 2,
    durationMs: 5000,
    windowMs: 1000,
    perSecond: 40,
    onWindow: ({ invocations }) => told.push(invocations),
  });
  assert.deepEqual(run.problems, []);
  assert.equal(told.length, 5);
  for (const { invocations, p50Ms, p99Ms, maxMs, descriptors, memoryBytes, workerBytes } of run.windows) {
    assert.ok(invocations > 0 && invocations <= 41, String(invocations));
    assert.ok(p50Ms > 0 && p50Ms <= p99Ms && p99Ms <= maxMs);
    assert.ok(descriptors > 0 && memoryBytes > 0 && workerBytes > 0);
  }
  assert.match(writeSoakReport(run), /invocations, seed 2: each was answered once, and right/);
});

test('a soak is given up when it is interrupted, and leaves nothing', async () => {
  const options = { seed: 1, durationMs: 60_000, windowMs: 60_000, perSecond: 100 };
  await assert.rejects(runSoak({ ...options, signal: AbortSignal.timeout(500) }), { name: 'TimeoutError' });
});
