import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ConformanceCase, Group } from '../case.ts';
import { NONCE } from './sources.ts';

const HEADER = 'Lambda-Runtime-Invocation-Id';
const PROOF =
  'aws/aws-lambda-rust-runtime issue 1155 and pull request 1159; awslabs/aws-lambda-cpp pull request 221: without it a late answer lands on the retried event';

const echoed = (each: Omit<ConformanceCase, 'source' | 'proof'>): ConformanceCase => ({
  ...each,
  source: NONCE,
  proof: PROOF,
});

/** Lambda's mark of one delivery. */
export const nonce: Group = {
  name: 'invocation nonce',
  cases: [
    echoed({
      name: 'nonce-result',
      clause: 'A result carries the mark of its delivery.',
      does: 'sends a mark',
      expects: 'the same with the result',
      async run(kit) {
        const answer = await kit.invoke({ headers: { [HEADER]: 'a/B+c=~.1' } });
        assert.equal(answer.header(HEADER.toLowerCase()), 'a/B+c=~.1');
      },
    }),
    echoed({
      name: 'nonce-error',
      clause: 'An error carries the mark of its delivery.',
      does: 'sends a mark and lets the handler fail',
      expects: 'the same with the error',
      needs: ['throw'],
      async run(kit) {
        const answer = await kit.ask({
          body: { action: 'throw', message: 'on purpose' },
          headers: { [HEADER]: 'mark-1' },
        });
        assert.equal(answer.header(HEADER.toLowerCase()), 'mark-1');
      },
    }),
    echoed({
      name: 'nonce-of-each',
      clause: 'Two deliveries of one event have two marks.',
      does: 'hands out one id twice with different marks',
      expects: 'each its own',
      async run(kit) {
        const id = randomUUID();
        for (const mark of ['first', 'second']) {
          const answer = await kit.invoke({ id, headers: { [HEADER]: mark } });
          assert.equal(answer.header(HEADER.toLowerCase()), mark);
        }
      },
    }),
    {
      name: 'nonce-absent',
      clause: 'Without a mark none is sent, nor that of the event before.',
      source: NONCE,
      does: 'sends an event with a mark and one without',
      expects: 'none with the second',
      async run(kit) {
        await kit.invoke({ headers: { [HEADER]: 'first' } });
        assert.equal((await kit.invoke({})).header(HEADER.toLowerCase()), undefined);
      },
    },
    echoed({
      name: 'nonce-stream',
      clause: 'A stream carries the mark of its delivery.',
      does: 'sends a mark and takes a stream',
      expects: 'the same with the stream',
      needs: ['stream'],
      entry: 'stream',
      async run(kit) {
        const answer = await kit.invoke({ body: { parts: ['a'] }, headers: { [HEADER]: 'mark-2' } });
        assert.equal(answer.header(HEADER.toLowerCase()), 'mark-2');
      },
    }),
  ],
};
