import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContextMaker, readFunctionInfo } from '../../../../worker/node/context.ts';
import { Deadlines } from '../../../../worker/node/lifecycle/deadlines.ts';
import { createScopes } from '../../../../worker/node/logging/invocation-scope.ts';
import { createLogger } from '../../../../worker/node/logging/logger.ts';
import { rehearseAhead } from '../../../../worker/node/rehearse-ahead.ts';

for (const concurrent of [false, true])
  test(`rehearseAhead() plays two invocations within its turn, concurrent ${concurrent}`, async () => {
    const environment: NodeJS.ProcessEnv = { _X_AMZN_TRACE_ID: 'of init' };
    const deadlines = new Deadlines();
    const rehearse = () =>
      rehearseAhead({
        mapStack: (stack) => stack,
        deadlines,
        createContext: createContextMaker(readFunctionInfo(environment), deadlines),
        environment,
        concurrent,
        logger: createLogger(environment, createScopes(concurrent)),
      });
    const answered = await new Promise((resolve) => setImmediate(() => resolve(rehearse())));
    assert.equal(answered, 2);
    assert.deepEqual(environment, { _X_AMZN_TRACE_ID: 'of init' });
  });
