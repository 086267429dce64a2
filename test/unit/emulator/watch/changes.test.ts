import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Changes } from '../../../../runtime/emulator/watch/changes.ts';

test('next() gets all changes that come before they have settled as one batch', async (t) => {
  const changes = new Changes();
  const stopping = new AbortController();
  t.after(() => changes.close());
  const batch = changes.next(stopping.signal);
  changes.add('a', 5);
  changes.add('b', 5);
  assert.deepEqual([...((await batch)?.paths ?? [])], ['a', 'b']);
});

test('next() waits as long as the slowest of the changes wants', async (t) => {
  const changes = new Changes();
  t.after(() => changes.close());
  const beganMs = performance.now();
  changes.add('node_modules/a', 60);
  changes.add('b', 1);
  const batch = await changes.next(new AbortController().signal);
  assert.equal(batch?.paths.size, 2);
  assert.ok(performance.now() - beganMs >= 58);
});

test('next() gets what has settled while nobody waited, once', async (t) => {
  const changes = new Changes();
  t.after(() => changes.close());
  const stopping = new AbortController();
  changes.add('a', 0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([...((await changes.next(stopping.signal))?.paths ?? [])], ['a']);
  const none = changes.next(stopping.signal);
  stopping.abort();
  assert.equal(await none, undefined);
});
