import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_NUMBER, makeEventBody, minEventBytes } from '../../../bench/driver/event-body.ts';
import { EventMessage, numberOf, requestIdOf } from '../../../bench/driver/event-message.ts';

for (const bytes of [minEventBytes(), 150, 1024, 1025, 1200, 10_000, 1_000_000, 5_900_000]) {
  test(`makeEventBody() makes JSON of exactly ${bytes} bytes`, () => {
    const body = makeEventBody(bytes);
    assert.equal(body.length, bytes);
    assert.equal((JSON.parse(body.toString()) as { id: unknown }).id, FIRST_NUMBER);
  });
}

test('makeEventBody() fills large events with records of several kinds', () => {
  const { records } = JSON.parse(makeEventBody(10_000).toString()) as { records: object[] };
  assert.ok(records.length > 20);
  const kinds = new Set(Object.values(records[0] ?? {}).map((value) => typeof value));
  assert.deepEqual([...kinds].sort(), ['boolean', 'number', 'object', 'string']);
});

test('makeEventBody() refuses a length without room for a number', () => {
  assert.throws(() => makeEventBody(minEventBytes() - 1), RangeError);
});

test('renumber() changes the number in head and body, and nothing else', () => {
  const message = new EventMessage(makeEventBody(150), false);
  message.renumber(1_000_000_007);
  const first = message.bytes.toString();
  message.renumber(1_234_567_890);
  const second = message.bytes.toString();
  assert.equal(second.length, first.length);
  assert.equal((JSON.parse(message.body.toString()) as { id: unknown }).id, 1_234_567_890);
  assert.match(second, new RegExp(`^Lambda-Runtime-Aws-Request-Id: ${requestIdOf(1_234_567_890)}\r$`, 'm'));
  const undated = (text: string) => text.replace(/(?<=Deadline-Ms: )\d+/, '');
  assert.equal(undated(second), undated(first).replaceAll('1000000007', '1234567890'));
});

test('renumber() sets a deadline in the future', () => {
  const message = new EventMessage(makeEventBody(150), false);
  const before = Date.now();
  message.renumber(FIRST_NUMBER);
  const deadlineMs = Number(/Deadline-Ms: (\d+)\r/.exec(message.bytes.toString())?.[1]);
  assert.ok(deadlineMs > before);
});

test('numberOf() reads what requestIdOf() wrote, and no other ids', () => {
  assert.equal(numberOf(requestIdOf(1_000_000_123)), 1_000_000_123);
  assert.equal(numberOf('8f1c2a00-0000-4000-8000-001000000123'), Number.NaN);
});
