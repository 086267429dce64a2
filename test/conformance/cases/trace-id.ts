import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { RUNTIME_API } from './sources.ts';

const NAME = '_X_AMZN_TRACE_ID';

async function seen(kit: Kit, trace: string | undefined): Promise<unknown> {
  const answer = await kit.invoke({
    body: { action: 'env', names: [NAME] },
    headers: { 'Lambda-Runtime-Trace-Id': trace },
  });
  return (answer.json as Record<string, unknown>)[NAME];
}

const trace = (digit: string) => `Root=1-5759e988-${digit.repeat(24)};Parent=53995c3f42cd8ad8;Sampled=1`;

/** The variable that X-Ray's SDK reads. */
export const traceId: Group = {
  name: 'trace id',
  cases: [
    {
      name: 'trace-set',
      clause: 'The runtime sets _X_AMZN_TRACE_ID to the trace of the running event.',
      source: RUNTIME_API,
      does: 'asks the handler for it',
      expects: 'the header’s value',
      needs: ['env'],
      async run(kit) {
        assert.equal(await seen(kit, trace('1')), trace('1'));
      },
    },
    {
      name: 'trace-changes',
      clause: 'Every event has its own trace.',
      source: RUNTIME_API,
      does: 'sends three with different ones',
      expects: 'each its own',
      needs: ['env'],
      async run(kit) {
        for (const digit of ['1', '2', '3']) assert.equal(await seen(kit, trace(digit)), trace(digit));
      },
    },
    {
      name: 'trace-removed',
      clause: 'An event without a trace does not see the one before.',
      source: RUNTIME_API,
      does: 'sends one with a trace and one without',
      expects: 'no value for the second, or an empty one',
      needs: ['env'],
      proof: `${RUNTIME_API}: the variable holds the trace of the current invocation`,
      async run(kit) {
        await seen(kit, trace('1'));
        assert.ok(
          [null, ''].includes((await seen(kit, undefined)) as string | null),
          'the trace before is still there',
        );
      },
    },
    {
      name: 'trace-as-it-is',
      clause: 'The value is copied as it is, also with parts that are not known.',
      source: RUNTIME_API,
      does: 'sends one with a lineage and an unknown part',
      expects: 'the same',
      needs: ['env'],
      async run(kit) {
        const long = `${trace('4')};Lineage=1:a87bd80c:0;Next=x y`;
        assert.equal(await seen(kit, long), long);
      },
    },
    {
      name: 'trace-after-error',
      clause: 'A function error leaves no trace of its own behind.',
      source: RUNTIME_API,
      does: 'lets an event fail, then asks the next',
      expects: 'the second one’s trace',
      needs: ['env', 'throw'],
      async run(kit) {
        await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        assert.equal(await seen(kit, trace('5')), trace('5'));
      },
    },
  ],
};
