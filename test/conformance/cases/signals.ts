import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { LIFECYCLE } from './sources.ts';

/** Waits until no process of the environment's session lives. */
async function noneLives(kit: Kit): Promise<void> {
  for (let tries = 0; (await kit.process.living()) > 0; tries++) {
    assert.ok(tries < 100, 'processes of the environment live on after its bootstrap');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What Lambda sends at the end of an environment. */
export const signals: Group = {
  name: 'signals',
  cases: [
    {
      name: 'signal-while-polling',
      clause: 'SIGTERM ends a runtime that waits; Lambda kills it soon after.',
      source: LIFECYCLE,
      does: 'sends SIGTERM while a poll waits',
      expects: 'the end',
      async run(kit) {
        await kit.poll();
        await kit.process.signal('SIGTERM');
        await kit.ended();
      },
    },
    {
      name: 'signal-after-invocations',
      clause: 'SIGTERM ends a runtime also after it has served.',
      source: LIFECYCLE,
      does: 'sends SIGTERM after three events, while a poll waits',
      expects: 'the end, and no answer more',
      async run(kit) {
        for (let count = 0; count < 3; count++) await kit.invoke({});
        await kit.poll();
        const before = kit.api.requests.length;
        await kit.process.signal('SIGTERM');
        await kit.ended();
        assert.equal(kit.api.requests.length, before, 'requests');
      },
    },
    {
      name: 'signal-within-invocation',
      clause: 'SIGTERM during an invocation lets it end or ends the runtime; no further event is taken.',
      source: LIFECYCLE,
      does: 'sends SIGTERM while the handler waits, then lets it go on',
      expects: 'its result or none, then the end',
      needs: ['wait'],
      async run(kit) {
        const file = kit.file();
        const id = await kit.deliver({ body: { action: 'wait', path: file.path, value: 'fine' } });
        await kit.process.signal('SIGTERM');
        file.touch();
        const request = await kit.requestOrEnd();
        if (request === undefined) return;
        assert.match(request.path, new RegExp(`/${id}/(response|error)$`));
        // A runtime that has no handler for the signal may meet its end within its answer, which is none then.
        const answer = await request.whole().catch(() => undefined);
        answer?.accept();
        await kit.ended();
      },
    },
    {
      name: 'signal-leaves-nothing',
      clause: 'A runtime that ends leaves no process behind.',
      source: LIFECYCLE,
      does: 'sends SIGTERM after an event',
      expects: 'no process of the environment',
      async run(kit) {
        await kit.invoke({});
        await kit.poll();
        await kit.process.signal('SIGTERM');
        await kit.ended();
        await noneLives(kit);
      },
    },
    {
      name: 'signal-twice',
      clause: 'A second SIGTERM changes nothing.',
      source: LIFECYCLE,
      does: 'sends it twice while a poll waits',
      expects: 'the end',
      async run(kit) {
        await kit.poll();
        await kit.process.signal('SIGTERM');
        await kit.process.signal('SIGTERM');
        await kit.ended();
      },
    },
  ],
};
