import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchWear } from '../../../../runtime/supervisor/wear.ts';

const NEVER = { invocations: 0, ageS: 0, memoryMiB: 0 };

test('watchWear() tells of the invocation that was the last', () => {
  const wear = watchWear({ ...NEVER, invocations: 3 }, process.pid);
  assert.deepEqual(
    [1, 2, 3].map(() => wear.note()),
    [undefined, undefined, 'it has served 3 invocations'],
  );
});

test('watchWear() tells of the first invocation that ended past the age', (t) => {
  t.mock.timers.enable({ apis: ['Date'] });
  const wear = watchWear({ ...NEVER, ageS: 60 }, process.pid);
  t.mock.timers.setTime(59_999);
  assert.equal(wear.note(), undefined);
  t.mock.timers.setTime(3_600_000);
  assert.equal(wear.note(), 'it is 3600 s old');
});

test('watchWear() compares what a process holds, and is silent on one that has ended', () => {
  assert.match(watchWear({ ...NEVER, memoryMiB: 1 }, process.pid).note() ?? '', /^it holds \d+ MiB$/);
  assert.equal(watchWear({ ...NEVER, memoryMiB: 100_000 }, process.pid).note(), undefined);
  assert.equal(watchWear({ ...NEVER, memoryMiB: 1 }, undefined).note(), undefined);
});
