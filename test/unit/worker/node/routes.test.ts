import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../../worker/node/answer.ts';
import type { Invoker } from '../../../../worker/node/invoke.ts';
import { createRoutes, type HandleRequest } from '../../../../worker/node/routes.ts';

const TOKEN = '0123456789abcdef';
const done: Answer = { status: 200, lines: '', body: Buffer.alloc(0) };
const invoker: Invoker = {
  invoke: (_request, respond) => respond(done),
  abort: () => false,
  endByEmptyLoop: () => {},
};
const accept = createRoutes(
  TOKEN,
  invoker,
  () => false,
  () => Promise.resolve({ status: 200 }),
  () => (request, respond) => respond({ ...done, lines: `played: ${request.requestId}\r\n` }),
);

function status(handle: HandleRequest, token: string | undefined): number {
  let answered = 0;
  const header = (name: string) => (name === 'pilotlight-token' ? token : undefined);
  handle({ method: 'POST', path: '/invocations/a', header, body: Buffer.alloc(0) }, (answer) => {
    answered = answer.status;
  });
  return answered;
}

test('createRoutes() refuses whoever does not know the token', () => {
  for (const token of [
    undefined,
    '',
    TOKEN.slice(1),
    `${TOKEN}0`,
    TOKEN.replace('f', 'e'),
    TOKEN.toUpperCase(),
  ]) {
    assert.equal(status(accept(), token), 403, String(token));
  }
  assert.equal(status(accept(), TOKEN), 200);
});

test('createRoutes() refuses a wrong token on a connection that has proven the right one', () => {
  const handle = accept();
  assert.equal(status(handle, TOKEN), 200);
  assert.equal(status(handle, undefined), 403);
  assert.equal(status(handle, TOKEN.replace('0', '1')), 403);
  assert.equal(status(handle, TOKEN), 200);
});

test('createRoutes() does not take what one connection has proven for another', () => {
  const [first, second] = [accept(), accept()];
  assert.equal(status(first, TOKEN), 200);
  assert.equal(status(second, undefined), 403);
});

test('createRoutes() answers a rehearsal as it would an invocation, without the function', () => {
  const answers: Answer[] = [];
  for (const path of ['/rehearsals/a%20b', '/invocations/c', '/rehearsals/']) {
    const request = { method: 'POST', path, header: () => TOKEN, body: Buffer.alloc(0) };
    accept()(request, (answer) => answers.push(answer));
  }
  assert.deepEqual(
    answers.map(({ status, lines }) => [status, lines]),
    [
      [200, 'lambda-runtime-aws-request-id: a%20b\r\nplayed: a b\r\n'],
      [200, 'lambda-runtime-aws-request-id: c\r\n'],
      [404, ''],
    ],
  );
});
