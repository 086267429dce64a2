import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { LIFECYCLE, RUNTIME_API } from './sources.ts';

/** How far the clocks of a busy machine's processes may be behind, in ms. */
const SLACK_MS = 30_000;

async function remaining(kit: Kit, inMs: number): Promise<number> {
  const answer = await kit.invoke({ body: { action: 'context' }, deadlineMs: Date.now() + inMs });
  return Number((answer.json as { remainingMs: number }).remainingMs);
}

/** The time that an event has. */
export const deadlines: Group = {
  name: 'deadlines',
  cases: [
    {
      name: 'deadline-remaining',
      clause: 'The time that remains is the deadline less the wall clock.',
      source: RUNTIME_API,
      does: 'sends a deadline in 60 s',
      expects: 'a little below 60,000 ms',
      needs: ['context'],
      async run(kit) {
        const ms = await remaining(kit, 60_000);
        assert.ok(ms <= 60_000 && ms > 60_000 - SLACK_MS, `got ${ms} ms`);
      },
    },
    {
      name: 'deadline-far',
      clause: 'An event may have 15 minutes.',
      source: RUNTIME_API,
      does: 'sends a deadline in 900 s',
      expects: 'a little below 900,000 ms',
      needs: ['context'],
      async run(kit) {
        const ms = await remaining(kit, 900_000);
        assert.ok(ms <= 900_000 && ms > 900_000 - SLACK_MS, `got ${ms} ms`);
      },
    },
    {
      name: 'deadline-of-each',
      clause: 'Each event has its own deadline.',
      source: RUNTIME_API,
      does: 'sends 100 s, then 300 s, then 100 s',
      expects: 'about these',
      needs: ['context'],
      async run(kit) {
        for (const inMs of [100_000, 300_000, 100_000]) {
          const ms = await remaining(kit, inMs);
          assert.ok(ms <= inMs && ms > inMs - SLACK_MS, `got ${ms} ms of ${inMs}`);
        }
      },
    },
    {
      name: 'deadline-refused',
      clause: 'A result that came too late is refused with 410, and the next event is served.',
      source: LIFECYCLE,
      does: 'refuses a result with 410',
      expects: 'a poll or the end; no second answer',
      async run(kit) {
        const answer = await kit.ask({});
        answer.answer(410, { errorMessage: 'Invoke timeout', errorType: 'InvokeTimeout' });
        await kit.pollOrEnd();
      },
    },
    {
      name: 'deadline-hang',
      clause: 'A handler that never ends is never answered with a result.',
      source: LIFECYCLE,
      does: 'lets the handler wait beyond its deadline of 600 ms',
      expects: 'no request, an error, or the end',
      needs: ['wait'],
      async run(kit) {
        const deadlineMs = Date.now() + 600;
        await kit.deliver({ body: { action: 'wait', path: kit.file().path }, deadlineMs });
        // The time that passes is what is tested.
        await new Promise((resolve) => setTimeout(resolve, 900));
        const answers = kit.api.requests.filter(({ method }) => method === 'POST');
        for (const { path } of answers) assert.match(path, /\/error$/);
      },
    },
  ],
};
