import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InitFailedError, problemOf, renderStatus } from '../../../../runtime/emulator/control/status.ts';
import { exited, initFailed, timedOut } from '../../../../runtime/emulator/failure.ts';

const ENDED = { exitCode: undefined, signal: undefined };

for (const [what, failure, code] of [
  ['a timeout', timedOut('id', 10_000), 'FunctionError.InitTimeout'],
  ['an exit', exited('id', { ...ENDED, exitCode: 7 }), 'FunctionError.RuntimeInitError'],
  ['no bootstrap', exited('id', { ...ENDED, startFailure: 'none' }), 'FunctionError.InvalidEntryPoint'],
  [
    'too little memory',
    exited('id', { ...ENDED, signal: 'SIGKILL', outOfMemory: true }),
    'FunctionError.InitResourceExhausted',
  ],
  [
    'an extension that ended',
    exited('id', { ...ENDED, extensionError: 'Extension.Crash' }),
    'FunctionError.ExtensionInitError',
  ],
] as const) {
  test(`an init that failed by ${what} is told under AWS's code "${code}"`, () => {
    const problem = problemOf(new InitFailedError(failure));
    assert.equal(problem.code, code);
    assert.ok(problem.reason.startsWith(`${failure.errorType}: `));
  });
}

test('an init error that the bootstrap reported is told with its own message', () => {
  const payload = Buffer.from('{"errorType":"NoLuck","errorMessage":"cannot begin"}');
  const answer = { payload, contentType: 'application/json', failed: true };
  const { reason } = problemOf(new InitFailedError(initFailed(answer, 'NoLuck')));
  assert.equal(reason, 'NoLuck: cannot begin');
});

test('a function is active as long as something serves it, whatever becomes of an update', () => {
  const problem = { reason: 'why', code: 'InternalError' };
  const states = [
    renderStatus({ kind: 'creating' }),
    renderStatus({ kind: 'settled' }),
    renderStatus({ kind: 'updating' }),
    renderStatus({ kind: 'refused', problem }),
    renderStatus({ kind: 'failed', problem }),
  ].map(({ State, LastUpdateStatus }) => [State, LastUpdateStatus]);
  assert.deepEqual(states, [
    ['Pending', undefined],
    ['Active', 'Successful'],
    ['Active', 'InProgress'],
    ['Active', 'Failed'],
    ['Failed', 'Failed'],
  ]);
});
