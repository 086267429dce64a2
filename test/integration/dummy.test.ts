import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

test('the runtime layer alone answers with the dummy, and outlives a worker that exits', async (t) => {
  const lambda = await useLocalLambda(t, { empty: { files: { '.keep': '' } } });
  const first = await lambda.call('empty', { hello: 1 });
  assert.equal(first.failed, false);
  assert.ok(
    lambda.lines.some((line) => line.includes('"hello"') || line.includes('hello: 1')),
    lambda.lines.join('\n'),
  );

  const killed = await lambda.call('empty', { action: 'kill' });
  assert.equal(killed.failed, true);
  assert.partialDeepStrictEqual(killed.value, { errorType: 'Runtime.ExitError' });

  const next = await lambda.call('empty', {});
  assert.deepEqual(next.value, first.value);
  assert.equal(next.initMs, undefined, 'in the same environment');
});
