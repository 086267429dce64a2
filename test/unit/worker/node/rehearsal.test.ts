import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../../../worker/node/answer.ts';
import { createContextMaker, readFunctionInfo } from '../../../../worker/node/context.ts';
import type { InvokerOptions } from '../../../../worker/node/invoke.ts';
import { Deadlines } from '../../../../worker/node/lifecycle/deadlines.ts';
import { createScopes } from '../../../../worker/node/logging/invocation-scope.ts';
import { createLogger } from '../../../../worker/node/logging/logger.ts';
import { createRehearsals } from '../../../../worker/node/rehearsal.ts';

test('createRehearsals() plays invocations in turn, and leaves nothing of them in the environment', async () => {
  const environment: NodeJS.ProcessEnv = { _X_AMZN_TRACE_ID: 'of init' };
  const scopes = createScopes(false);
  const deadlines = new Deadlines();
  // As the host has them: with what is the function's.
  const options: InvokerOptions = {
    handler: () => assert.fail('the function ran'),
    mapStack: (stack) => stack,
    deadlines,
    createContext: createContextMaker(readFunctionInfo(environment), deadlines),
    environment,
    concurrent: false,
    scopes,
    logger: createLogger(environment, scopes),
  };
  const choose = createRehearsals(options);
  const play = () =>
    new Promise<Answer>((respond) => {
      const header = (name: string) => (name === 'lambda-runtime-trace-id' ? 'Root=1' : undefined);
      choose()({ requestId: 'a', header, body: Buffer.from('{"some":"event"}') }, respond);
      assert.deepEqual(environment, { _X_AMZN_TRACE_ID: 'of init' });
    });
  for (const { status, body } of [await play(), await play(), await play()])
    assert.deepEqual([status, String(body)], [200, '{"some":"event"}']);
  assert.notEqual(choose(), choose());
  assert.equal(scopes.current(), undefined);
});
