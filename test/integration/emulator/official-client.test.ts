import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesAt } from '../../../layers/build/folder-entries.ts';
import { makeRicFunction } from '../../helpers/make-ric-function.ts';
import { needs } from '../../helpers/needs.ts';
import { useLayers, useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

test(
  'the official Node client answers in the local Lambda, cold, warm and with an error',
  needs('aws-lambda-ric'),
  async (t) => {
    const folder = useTmp(t);
    await makeRicFunction(folder);
    const entries = await entriesAt(folder, '.');
    const { interpreter } = await useLayers();
    const settings = { handler: 'index.handler', timeoutS: 10 };
    const lambda = await useLocalLambda(t, { ric: { entries, layers: [interpreter], settings } });
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
