import assert from 'node:assert/strict';
import { test } from 'node:test';
import { act, useLambda } from './use-lambda.ts';

test('two invocations at once get an environment each', async (t) => {
  const { lambda } = await useLambda(t);
  const results = await Promise.all([act(lambda, 'sleep', { ms: 300 }), act(lambda, 'sleep', { ms: 300 })]);
  assert.equal(new Set(results.map(({ value }) => value)).size, 2);
  assert.ok(results.every(({ failed }) => !failed));
});

test('invocations beyond the limit wait their turn', async (t) => {
  const { lambda } = await useLambda(t, {}, { maxEnvironments: 1 });
  const order: number[] = [];
  const results = await Promise.all(
    [0, 1, 2, 3].map(async (index) => {
      const { value } = await act(lambda, 'pid');
      order.push(index);
      return value;
    }),
  );
  assert.equal(new Set(results).size, 1);
  assert.deepEqual(order, [0, 1, 2, 3]);
});

test('invocations one after the other stay in one environment, also through the Lambda API', async (t) => {
  const { lambda } = await useLambda(t, {}, { maxEnvironments: 3 });
  const pids = new Set<unknown>();
  for (let count = 0; count < 50; count += 1) {
    const response = await fetch(`${lambda.url}/2015-03-31/functions/acts/invocations`, {
      method: 'POST',
      body: '{"do":"pid"}',
    });
    pids.add(await response.json());
  }
  assert.equal(pids.size, 1);
});

test('the environment used last is taken first', async (t) => {
  const { lambda } = await useLambda(t);
  const [short, long] = await Promise.all([
    act(lambda, 'sleep', { ms: 1 }),
    act(lambda, 'sleep', { ms: 400 }),
  ]);
  assert.notEqual(short.value, long.value);
  assert.equal((await act(lambda, 'pid')).value, long.value);
});

test('an idle environment ends after its time, and who comes meanwhile gets a new one', async (t) => {
  const { lambda } = await useLambda(t, {}, { idleMs: 1, maxEnvironments: 1 });
  const { value } = await act(lambda, 'pid');
  // The process is gone a little earlier than its environment.
  await gone(Number(value));
  assert.notEqual((await act(lambda, 'pid')).value, value);
});

test('stop() fails what runs and what waits', async (t) => {
  const { lambda } = await useLambda(t, {}, { maxEnvironments: 1 });
  await act(lambda, 'pid');
  const results = [act(lambda, 'hang'), act(lambda, 'pid')].map((run) =>
    assert.rejects(run, { code: 'CANNOT' }),
  );
  await lambda.stop();
  await Promise.all(results);
});

/** Waits until a process is gone, looking at each turn of the event loop. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
