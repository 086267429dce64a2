import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, Settlement } from '../../../../worker/node/settlement.ts';

const value = (text: string): Outcome => ({ ok: true, value: text });
const lost: Outcome = { ok: false, error: 'lost' };

const STEPS: Readonly<Record<string, readonly [expected: Outcome, (settlement: Settlement) => void]>> = {
  'first of two outcomes': [value('a'), (s) => [s.settle(value('a')), s.settle(value('b'))]],
  'held outcome at the end': [
    value('a'),
    (s) => [s.hold(value('a')), s.settle(value('b')), s.finish(value('c'))],
  ],
  'first of two held outcomes': [
    value('a'),
    (s) => [s.hold(value('a')), s.hold(value('b')), s.finish(value('c'))],
  ],
  'end without a held outcome': [value('a'), (s) => s.finish(value('a'))],
  'outcome before a held one': [
    value('a'),
    (s) => [s.settle(value('a')), s.hold(value('b')), s.finish(value('c'))],
  ],
  'fault after an outcome of the same turn': [lost, (s) => [s.settle(value('a')), s.abort(lost)]],
  'fault before an outcome': [lost, (s) => [s.abort(lost), s.settle(value('a')), s.finish(value('b'))]],
  'fault while an outcome is held': [lost, (s) => [s.hold(value('a')), s.abort(lost)]],
};

for (const [name, [expected, run]] of Object.entries(STEPS)) {
  test(`Settlement ends with the ${name}`, async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    run(new Settlement(resolve));
    assert.deepEqual(await promise, expected);
  });
}
