import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { makeEvent, withLength } from '../api/event.ts';
import type { Group } from '../case.ts';
import { NEXT_PATH } from '../kit.ts';
import { LIFECYCLE, STATES } from './sources.ts';

/** The same event more than once. */
export const replay: Group = {
  name: 'replayed next',
  cases: [
    {
      name: 'replay-same-id',
      clause: 'A retried event has the id of the first try and is an event of its own.',
      source: LIFECYCLE,
      does: 'hands out the same event twice, one behind the other',
      expects: 'an answer to each',
      async run(kit) {
        const id = randomUUID();
        for (const value of [1, 2]) {
          const answer = await kit.invoke({ id, body: { action: 'echo', value } });
          assert.deepEqual(answer.json, { action: 'echo', value });
        }
        await kit.poll();
      },
    },
    {
      name: 'replay-after-error',
      clause: 'A retried event may succeed where its first try failed.',
      source: LIFECYCLE,
      does: 'hands out an event that fails, then one with its id that does not',
      expects: 'an error, then a result',
      needs: ['throw'],
      async run(kit) {
        const id = randomUUID();
        await kit.invokeError({ id, body: { action: 'throw', message: 'on purpose' } });
        await kit.invoke({ id, body: { action: 'echo', value: 2 } });
      },
    },
    {
      name: 'replay-broken-poll',
      clause: 'A poll that is sent again gets the same event, which is answered once.',
      source: STATES,
      does: 'breaks the connection within an event, hands it out whole to the next poll',
      expects: 'one answer and another poll, or the end instead of a second try',
      async run(kit) {
        const event = makeEvent({ body: { value: 'x'.repeat(500) } });
        const poll = await kit.poll();
        poll.send(withLength(event).subarray(0, -100));
        poll.cut('end');
        const again = await kit.requestOrEnd();
        if (again === undefined || again.path !== NEXT_PATH) return;
        again.send(withLength(event));
        const answer = await kit.post(event.id);
        assert.deepEqual(answer.json, { value: 'x'.repeat(500) });
        answer.accept();
        await kit.poll();
      },
    },
    {
      name: 'replay-keeps-state',
      clause: 'A retried event runs in the same environment.',
      source: LIFECYCLE,
      does: 'asks the handler to count, twice under one id',
      expects: '1, then 2',
      needs: ['state'],
      async run(kit) {
        const id = randomUUID();
        assert.equal((await kit.invoke({ id, body: { action: 'count' } })).json, 1);
        assert.equal((await kit.invoke({ id, body: { action: 'count' } })).json, 2);
      },
    },
  ],
};
