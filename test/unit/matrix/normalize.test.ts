import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalize, ownTraces } from '../../matrix/normalize.ts';

test('normalize() takes out times, ids, memory and names, and leaves the rest', () => {
  const line =
    '2026-11-21T20:00:00.123Z\t0a1b2c3d-0000-4000-8000-0123456789ab\tINFO\tat 1970-01-01T00:00:00.000Z, fn-1 took 52 MiB of 7';
  assert.equal(
    normalize(line, 'fn-1'),
    '<time>\t<id>\tINFO\tat 1970-01-01T00:00:00.000Z, <function> took <memory> of 7',
  );
});

test("ownTraces() keeps the function's own lines of a trace, however an interpreter writes them", () => {
  const own = ['RangeError: far', 'at logs.mjs:19'];
  for (const frame of ['at handler (/tmp/a/logs.mjs:19:7)', 'at file:///tmp/a/logs.mjs:19:7']) {
    const lines = [
      'RangeError: far',
      `    ${frame}`,
      '    at start (file:///opt/pilotlight/hosts/node.mjs:1:2)',
      '    at node:internal/timers:3:4',
      '    at eventLoopTick (ext:core/timers.mjs:5:6)',
      '    at async Promise.all (index 0)',
    ];
    assert.deepEqual(ownTraces({ trace: lines }), { trace: own });
    assert.equal(ownTraces(lines.join('\r')), own.join('\n'));
  }
});

test('ownTraces() leaves values without traces as they are', () => {
  const value = { a: [1, null, { b: 'looks at it' }], c: ['one', 'two'] };
  assert.deepEqual(ownTraces(value), value);
});
