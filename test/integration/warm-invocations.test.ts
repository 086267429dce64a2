import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../helpers/random.ts';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

const INVOCATIONS = 1_000;
/** Below Lambda's 6 MiB both ways, with what the handler adds. */
const MAX_BYTES = 6_000_000;

test('1,000 warm invocations of 0 B to 6 MB are answered right by one worker', async (t) => {
  const lambda = await useLocalLambda(t, {
    echo: {
      files: { 'function.bundle.js': 'export const handler = (event) => ({ pid: process.pid, event });' },
      settings: { memoryMiB: 1024, timeoutS: 30 },
    },
  });
  const random = createRandom(1);
  const pids = new Set<number>();
  for (let count = 0; count < INVOCATIONS; count++) {
    const event = makeEvent(random.below(8), random.below(2 ** 32), count);
    const { payload, failed } = await lambda.invoke('echo', event === undefined ? '' : JSON.stringify(event));
    const text = Buffer.from(payload).toString();
    assert.equal(failed, false, text.slice(0, 500));
    const answer = JSON.parse(text) as { pid: number; event: unknown };
    pids.add(answer.pid);
    assert.deepEqual(answer.event, event === undefined ? {} : event, `invocation ${count}`);
  }
  assert.equal(pids.size, 1);
});

/** Sizes are spread evenly over the powers of ten; every hundredth is the largest there may be. */
function makeEvent(power: number, noise: number, count: number): unknown {
  if (count % 100 === 99) return 'é€😀 '.repeat(MAX_BYTES / 10).slice(0, MAX_BYTES / 3);
  if (power === 0) return [undefined, null, noise, true, '', []][noise % 6];
  const bytes = Math.min(10 ** (power - 1) * (1 + (noise % 9)), 300_000);
  return { count, noise, text: 'x'.repeat(bytes) };
}
