import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Forwarded, WorkerClient } from '../../../../runtime/supervisor/forward.ts';
import { rehearse } from '../../../../runtime/supervisor/rehearse.ts';

type Rehearse = WorkerClient['rehearse'];

/** A worker's client that can do nothing else, and what it was asked. */
function clientThat(answer: (exchange: Parameters<Rehearse>[1]) => void) {
  const played: string[] = [];
  const play: Rehearse = (invocation, exchange) => {
    played.push(invocation.lines);
    answer(exchange);
  };
  return { client: { rehearse: play } as WorkerClient, played };
}

test('rehearse() plays as often as it is told, with the names of the last headers alone', async () => {
  const { client, played } = clientThat(({ onAnswer }) => onAnswer({} as Forwarded));
  const count = await rehearse(client, 3, 'secret-name: secret value\r\nother: 1\r\n');
  assert.equal(count, 3);
  assert.deepEqual(played, Array(3).fill('secret-name: {}\r\nother: {}\r\n'));
});

test('rehearse() asks no more once a worker refused or broke off', async () => {
  for (const name of ['onNotTaken', 'onError'] as const) {
    const { client, played } = clientThat((exchange) => exchange[name](new Error('gone')));
    assert.equal(await rehearse(client, 3), 0);
    assert.equal(played.length, 1);
  }
});

test('rehearse() waits a second at most: the function may keep the event loop to itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { client, played } = clientThat(() => {});
  const rehearsed = rehearse(client, 3);
  t.mock.timers.tick(1_000);
  await rehearsed;
  assert.equal(played.length, 1);
});

test('rehearse() begins no more after a second, however many are left', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const { client, played } = clientThat(({ onAnswer }) => {
    now += 400;
    onAnswer({} as Forwarded);
  });
  assert.equal(await rehearse(client, 300), 3);
  assert.equal(played.length, 3);
});
