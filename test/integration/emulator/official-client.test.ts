import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../../helpers/needs.ts';
import { useRicLambda } from '../../helpers/use-ric-lambda.ts';

test(
  'the official Node client answers in the local Lambda, cold, warm and with an error',
  needs('aws-lambda-ric'),
  async (t) => {
    const lambda = await useRicLambda(t, 'index.handler');
    const first = await lambda.call('ric', { text: 'ä' });
    const second = await lambda.call('ric', null);
    const results = [first.value, second.value] as {
      event: unknown;
      count: number;
      pid: number;
      requestId: string;
    }[];
    assert.deepEqual(
      results.map(({ event, count }) => [event, count]),
      [
        [{ text: 'ä' }, 1],
        [null, 2],
      ],
    );
    assert.equal(results[0]?.pid, results[1]?.pid);
    assert.equal(results[0]?.requestId, first.requestId);
    assert.ok(lambda.lines.some((line) => line.includes('invocation 2')));
    const failed = await lambda.call('ric', { fail: 'as asked' });
    assert.ok(failed.failed);
    const { errorType, errorMessage } = failed.value as { errorType: string; errorMessage: string };
    assert.deepEqual([errorType, errorMessage], ['TypeError', 'as asked']);
  },
);
