import assert from 'node:assert/strict';
import type { ConformanceCase, Group } from '../case.ts';
import { INIT_ERROR_PATH, type Kit } from '../kit.ts';
import { FATAL_ERROR, LIFECYCLE, RUNTIME_API, STATES } from './sources.ts';

const THROWS = { CONFORMANCE_INIT: 'throw' };

const failing = (each: ConformanceCase): ConformanceCase => ({
  ...each,
  needs: ['init', ...(each.needs ?? [])],
});

async function initError(kit: Kit) {
  const request = await kit.request('an init error');
  assert.equal(`${request.method} ${request.path}`, `POST ${INIT_ERROR_PATH}`);
  return request.whole();
}

/** What keeps a function from starting. */
export const initErrors: Group = {
  name: 'init errors',
  cases: [
    failing({
      name: 'init-throws',
      clause: 'A function that fails to load is told of by the init error, before any poll.',
      source: RUNTIME_API,
      does: 'lets the handler’s module fail',
      expects: 'an init error with type and message',
      variables: THROWS,
      async run(kit) {
        const { errorType, errorMessage } = (await initError(kit)).json as Record<string, unknown>;
        assert.equal(typeof errorType, 'string');
        assert.match(String(errorMessage), /init failed on purpose: grüße 🔥/);
      },
    }),
    failing({
      name: 'init-ends',
      clause: 'After the init error a runtime ends, and not as if all were well.',
      source: LIFECYCLE,
      does: 'accepts the init error',
      expects: 'the end with another code than 0, and no poll',
      variables: THROWS,
      async run(kit) {
        (await initError(kit)).accept();
        const how = await kit.ended();
        assert.notEqual(how, 'ended with exit code 0');
        assert.equal(kit.api.requests.length, 1, 'requests');
      },
    }),
    failing({
      name: 'init-error-type-header',
      clause: 'The category of an init error reads Runtime.Name or Function.Name.',
      source: FATAL_ERROR,
      does: 'lets the handler’s module fail',
      expects: 'no header, or one of that form',
      variables: THROWS,
      proof: `${FATAL_ERROR}: what does not match becomes Runtime.Unknown`,
      async run(kit) {
        const type = (await initError(kit)).header('lambda-runtime-function-error-type');
        if (type !== undefined) assert.match(type, /(Runtime|Function)\.[A-Z][a-zA-Z]+/);
      },
    }),
    failing({
      name: 'init-no-handler',
      clause: 'A handler that does not exist is an init error.',
      source: RUNTIME_API,
      does: 'names an export that is not there',
      expects: 'an init error, no poll',
      entry: 'missing',
      needs: ['exports'],
      async run(kit) {
        await initError(kit);
      },
    }),
    failing({
      name: 'init-refused',
      clause: 'A refused init error is not repeated for ever.',
      source: STATES,
      does: 'answers it with 403',
      expects: 'the end after at most 30 tries',
      variables: THROWS,
      async run(kit) {
        await kit.endsAfter((request) => {
          assert.equal(request.path, INIT_ERROR_PATH);
          request.answer(403, { errorMessage: 'scripted', errorType: 'InvalidStateTransition' });
        });
      },
    }),
    failing({
      name: 'init-exit',
      clause: 'A function that exits while it loads ends the init: an error or the end, never a poll.',
      source: LIFECYCLE,
      does: 'lets the handler’s module exit with 7',
      expects: 'an init error, or the end with another code than 0',
      variables: { CONFORMANCE_INIT: 'exit' },
      async run(kit) {
        const request = await kit.requestOrEnd();
        if (request === undefined) assert.notEqual(kit.process.ended, 'ended with exit code 0');
        else assert.equal(request.path, INIT_ERROR_PATH);
      },
    }),
    {
      name: 'init-only-before-poll',
      clause: 'After the first poll there are no init errors.',
      source: STATES,
      does: 'lets an invocation end the process',
      expects: 'whatever follows, no init error from this process',
      needs: ['exit'],
      async run(kit) {
        await kit.deliver({ body: { action: 'exit', code: 3 } });
        const request = await kit.requestOrEnd();
        assert.notEqual(request?.path, INIT_ERROR_PATH);
      },
    },
  ],
};
