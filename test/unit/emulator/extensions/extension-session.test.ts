import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ExtensionEvent,
  ExtensionSession,
} from '../../../../runtime/emulator/extensions/extension-session.ts';

const INVOKE: ExtensionEvent = {
  eventType: 'INVOKE',
  deadlineMs: 1,
  requestId: 'r',
  invokedFunctionArn: 'arn',
  tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1' },
};

function refused(errorType: string) {
  return { status: 403, errorType };
}

test('a registration that the platform refuses is refused', () => {
  const session = new ExtensionSession(['outside']);
  assert.throws(() => session.register('', []), refused('Extension.InvalidExtensionName'));
  assert.throws(() => session.register('a', ['REST']), refused('Extension.InvalidEventType'));
  assert.throws(() => session.register('a', ['SHUTDOWN']), refused('Extension.InvalidEventType'));
  session.register('outside', ['SHUTDOWN']);
  assert.throws(() => session.register('outside', []), refused('Extension.InvalidExtensionState'));
  for (let count = 1; count < 10; count += 1) session.register(`inside-${count}`, ['INVOKE']);
  assert.throws(() => session.register('one-more', []), refused('Extension.TooManyExtensions'));
  session.close();
  assert.throws(() => session.register('late', []), refused('Extension.RegistrationClosed'));
});

test('a poll without the right identifier is refused', () => {
  const session = new ExtensionSession([]);
  assert.throws(() => session.poll(undefined, () => {}), refused('Extension.MissingExtensionIdentifier'));
  assert.throws(() => session.poll('who', () => {}), refused('Extension.UnknownExtensionIdentifier'));
});

test('an event that comes while the poll is broken waits for the next poll', () => {
  const session = new ExtensionSession([]);
  const { id } = session.register('inside', ['INVOKE']);
  const told: ExtensionEvent[] = [];
  const withdraw = session.poll(id, (event) => told.push(event));
  withdraw();
  session.send(INVOKE);
  assert.equal(told.length, 0);
  session.poll(id, (event) => told.push(event));
  assert.deepEqual(told, [INVOKE]);
});

test('an environment is idle when all extensions have polled again', async () => {
  const session = new ExtensionSession([]);
  const ids = ['a', 'b'].map((name) => session.register(name, ['INVOKE']).id);
  for (const id of ids) session.poll(id, () => {});
  await session.untilIdle();
  session.send(INVOKE);
  let idle = false;
  const waiting = session.untilIdle().then(() => {
    idle = true;
  });
  session.poll(ids[0], () => {});
  await Promise.resolve();
  assert.equal(idle, false);
  session.poll(ids[1], () => {});
  await waiting;
});
