import assert from 'node:assert/strict';
import { makeEvent, withLength } from '../api/event.ts';
import type { ConformanceCase, Group } from '../case.ts';
import { type Kit, NEXT_PATH } from '../kit.ts';
import { MANAGED_INSTANCES, STATES } from './sources.ts';

const COUNT = 4;

/** The official Node client holds answers back, now and then: its polls block the threads that send them. */
const HELD_BACK = `${MANAGED_INSTANCES}: no event waits for another; Node.js documentation, "UV_THREADPOOL_SIZE": there are four threads, and a poll that blocks holds one`;

const several = (each: Omit<ConformanceCase, 'variables'>): ConformanceCase => ({
  proof: HELD_BACK,
  ...each,
  needs: ['concurrency', ...(each.needs ?? [])],
  variables: {
    AWS_LAMBDA_MAX_CONCURRENCY: String(COUNT),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
  },
});

/** Hands out an event to whichever poll comes, while others are in flight. */
async function deliver(kit: Kit, body: unknown): Promise<string> {
  const poll = await kit.request('a poll', ({ path }) => path === NEXT_PATH);
  const event = makeEvent({ body });
  poll.send(withLength(event));
  return event.id;
}

async function answerOf(kit: Kit, id: string) {
  const answer = await kit.request(`an answer to ${id}`, ({ path }) => path.includes(`/${id}/`));
  await answer.whole();
  answer.accept();
  return answer;
}

/** Several events at once. */
export const concurrency: Group = {
  name: 'concurrency',
  cases: [
    several({
      name: 'concurrency-all-at-once',
      clause: 'With AWS_LAMBDA_MAX_CONCURRENCY that many events run at once.',
      source: MANAGED_INSTANCES,
      does: 'hands out four events that wait until all were handed out',
      expects: 'four results, each under its own id',
      needs: ['wait'],
      async run(kit) {
        const file = kit.file();
        const ids: string[] = [];
        for (let value = 0; value < COUNT; value++)
          ids.push(await deliver(kit, { action: 'wait', path: file.path, value }));
        file.touch();
        for (const [value, id] of ids.entries()) assert.equal((await answerOf(kit, id)).json, value);
      },
    }),
    several({
      name: 'concurrency-out-of-order',
      clause: 'Events end in any order, each with its own result.',
      source: MANAGED_INSTANCES,
      does: 'hands out three events and lets the last end first',
      expects: 'their results in that order',
      needs: ['wait'],
      async run(kit) {
        const files = [0, 1, 2].map((index) => kit.file(`go-on-${index}`));
        const ids: string[] = [];
        for (const [value, { path }] of files.entries())
          ids.push(await deliver(kit, { action: 'wait', path, value }));
        for (const index of [2, 1, 0]) {
          files[index]?.touch();
          assert.equal((await answerOf(kit, ids[index] ?? '')).json, index);
        }
      },
    }),
    several({
      name: 'concurrency-error',
      clause: 'An error of one event is no concern of the others.',
      source: MANAGED_INSTANCES,
      does: 'lets one event fail while another waits',
      expects: 'an error for the one, a result for the other',
      needs: ['wait', 'throw'],
      async run(kit) {
        const file = kit.file();
        const waiting = await deliver(kit, { action: 'wait', path: file.path, value: 'fine' });
        const failing = await deliver(kit, { action: 'throw', message: 'on purpose' });
        assert.match((await answerOf(kit, failing)).path, /error$/);
        file.touch();
        assert.equal((await answerOf(kit, waiting)).json, 'fine');
      },
    }),
    several({
      name: 'concurrency-context',
      clause: 'Each event has its own context.',
      source: MANAGED_INSTANCES,
      does: 'asks two events for their id while another waits',
      expects: 'each its own',
      needs: ['wait', 'context'],
      async run(kit) {
        const file = kit.file();
        const waiting = await deliver(kit, { action: 'wait', path: file.path, value: 'fine' });
        for (let count = 0; count < 2; count++) {
          const id = await deliver(kit, { action: 'context' });
          assert.equal(((await answerOf(kit, id)).json as { requestId: string }).requestId, id);
        }
        file.touch();
        await answerOf(kit, waiting);
      },
    }),
    several({
      name: 'concurrency-late-answer',
      clause: 'An answer that is too late gets 410, which is no concern of the others.',
      source: 'aws/aws-lambda-runtime-interface-emulator internal/lambda-managed-instances/rapi',
      does: 'refuses an answer with 410 while another event waits',
      expects: 'a result for the other, and further polls',
      needs: ['wait'],
      proof: `${MANAGED_INSTANCES}: after a timeout the environment serves on; aws/aws-lambda-dotnet pull request 2508: a 410 ends no client`,
      async run(kit) {
        const file = kit.file();
        const waiting = await deliver(kit, { action: 'wait', path: file.path, value: 'fine' });
        const late = await deliver(kit, { action: 'echo' });
        const answer = await kit.request('the late answer', ({ path }) => path.includes(`/${late}/`));
        (await answer.whole()).answer(410, { errorMessage: 'Invoke timeout', errorType: 'InvokeTimeout' });
        file.touch();
        assert.equal((await answerOf(kit, waiting)).json, 'fine');
        await answerOf(kit, await deliver(kit, { action: 'echo' }));
      },
    }),
    {
      name: 'concurrency-off',
      clause: 'Without the variable there is one poll at a time.',
      source: STATES,
      does: 'leaves an event in flight until the handler has seen it',
      expects: 'no second poll before its answer',
      needs: ['wait'],
      async run(kit) {
        const file = kit.file();
        const id = await kit.deliver({ body: { action: 'wait', path: file.path, value: 'fine' } });
        assert.equal(kit.api.requests.length, 1);
        file.touch();
        assert.equal((await kit.post(id)).json, 'fine');
        assert.equal(kit.api.requests.length, 2);
      },
    },
  ],
};
