import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogStore } from '../../../../runtime/emulator/cloudwatch/log-store.ts';

const LINE = 'x'.repeat(1024);
const LINES = 10_000;

test('the log store drops the oldest lines of a function that logs much, and none of another', () => {
  const store = new LogStore();
  store.add('quiet', 'stream', 'only');
  for (let line = 0; line < LINES; line++) store.add('chatty', 'stream', `${line} ${LINE}`);
  const kept = store.of('chatty') ?? [];
  assert.match(kept.at(-1)?.message ?? '', /^9999 /);
  assert.ok(kept.length >= 2000 && kept.length <= 4096, `${kept.length} lines were kept`);
  const ids = kept.map(({ id }) => id);
  assert.deepEqual(
    ids,
    ids.map((_, index) => (ids[0] ?? 0) + index),
    'without a gap',
  );
  assert.deepEqual(
    store.of('quiet')?.map(({ message }) => message),
    ['only'],
  );
});
