import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Findings } from '../../../../runtime/deadline/findings.ts';
import { timeoutError } from '../../../../runtime/deadline/timeout-error.ts';

const CASES: readonly (readonly [Partial<Findings>, string])[] = [
  [{}, ''],
  [{ frames: ['RegExp.test (<anonymous>)', 'f (/a.ts:1:2)'] }, ': the code stands at f (/a.ts:1:2)'],
  [{ frames: ['/a.ts:1:2'], systemCall: 'read of /x' }, ': the code stands at /a.ts:1:2, in read of /x'],
  [
    { frames: ['/a.ts:1:2'], children: ['"sleep 9" (7)'] },
    ': the code stands at /a.ts:1:2, in the process "sleep 9" (7)',
  ],
  [
    { frames: [], handler: '/a.ts:3:1', pending: ['Socket to ::1:1'] },
    ': the handler at /a.ts:3:1 has not settled, pending: Socket to ::1:1',
  ],
  [{ frames: [], handler: '/a.ts:3:1', awaits: ['g (/a.ts:4:1)'] }, ': the code awaits at g (/a.ts:4:1)'],
  [
    { frames: [], handler: '/a.ts:3:1', pending: ['a timer'], others: 2, othersFrame: 'g (/a.ts:9:1)' },
    ': the handler at /a.ts:3:1 has not settled, pending (of 3 invocations): a timer; another invocation runs at g (/a.ts:9:1)',
  ],
  [{ systemCall: 'openat of "/x"' }, ': the worker is in openat of "/x"'],
];

test("timeoutError() begins with Lambda's words, and goes on with what is known", () => {
  for (const [findings, told] of CASES) {
    const { message, errorType } = timeoutError(3, findings);
    assert.equal(message, `Task timed out after 3.00 seconds${told}`);
    assert.equal(errorType, 'Sandbox.Timedout');
  }
});
