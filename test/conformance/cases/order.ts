import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import { NEXT_PATH } from '../kit.ts';
import { CUSTOM_RUNTIME, HTTP, RUNTIME_API, STATES } from './sources.ts';

/** Which call follows which. */
export const order: Group = {
  name: 'order of calls',
  cases: [
    {
      name: 'order-next-first',
      clause: 'Init ends with the first call, a GET of the next invocation.',
      source: CUSTOM_RUNTIME,
      does: 'starts the bootstrap',
      expects: `GET ${NEXT_PATH} without a body`,
      async run(kit) {
        const poll = await (await kit.poll()).whole();
        assert.equal(poll.receivedBytes, 0, 'a poll has no body');
      },
    },
    {
      name: 'order-answer-then-poll',
      clause: 'An answer names its event, and the next poll comes after it.',
      source: STATES,
      does: 'hands out an event',
      expects: 'its answer, then one poll',
      async run(kit) {
        const answer = await kit.invoke({ body: { value: 1 } });
        assert.match(answer.path, /^\/2018-06-01\/runtime\/invocation\/[^/]+\/response$/);
        await kit.poll();
      },
    },
    {
      name: 'order-one-answer-each',
      clause: 'Each event gets exactly one answer.',
      source: STATES,
      does: 'hands out 20 events, results and errors in turn',
      expects: '20 answers, 21 polls and nothing else',
      needs: ['throw'],
      async run(kit) {
        for (let count = 0; count < 10; count++) {
          await kit.invoke({ body: { action: 'echo', count } });
          await kit.invokeError({ body: { action: 'throw', message: `error ${count}` } });
        }
        await kit.poll();
        assert.equal(kit.api.requests.length, 41, 'requests in all');
      },
    },
    {
      name: 'order-of-events',
      clause: 'Every event is answered with its own result, in the order in which they came.',
      source: RUNTIME_API,
      does: 'hands out 30 events one after the other',
      expects: 'the result of each under its own id',
      async run(kit) {
        for (let count = 0; count < 30; count++) {
          const answer = await kit.invoke({ body: { action: 'echo', count } });
          assert.deepEqual(answer.json, { action: 'echo', count });
        }
      },
    },
    {
      name: 'order-error-then-poll',
      clause: 'A function error ends its invocation, not the runtime.',
      source: STATES,
      does: 'lets the handler fail, then hands out an event',
      expects: 'a POST to the error path, then service as before',
      needs: ['throw'],
      async run(kit) {
        await kit.invokeError({ body: { action: 'throw', message: 'on purpose' } });
        await kit.serves();
      },
    },
    {
      name: 'order-same-environment',
      clause: 'The function is loaded once and serves all events of its environment.',
      source: CUSTOM_RUNTIME,
      does: 'asks the handler three times to count',
      expects: '1, 2, 3',
      needs: ['state'],
      async run(kit) {
        for (const wanted of [1, 2, 3])
          assert.equal((await kit.invoke({ body: { action: 'count' } })).json, wanted);
      },
    },
    {
      name: 'order-request-line',
      clause: 'Requests are HTTP/1.1 with one Host header that names the Runtime API.',
      source: HTTP,
      does: 'reads a poll and an answer',
      expects: 'one Host header each, equal to AWS_LAMBDA_RUNTIME_API',
      async run(kit) {
        await kit.invoke({});
        for (const request of kit.api.requests) {
          const hosts = request.headers.filter(([name]) => name === 'host').map(([, value]) => value);
          assert.deepEqual(hosts, [`127.0.0.1:${kit.api.port}`]);
        }
      },
    },
  ],
};
