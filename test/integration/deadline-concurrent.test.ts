import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Post } from '../helpers/scripted-lambda-api.ts';
import { untilFile } from '../helpers/until-file.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';
import { useGate } from '../helpers/use-gate.ts';

/** The time of an invocation, and of it the part in which it is looked at: long, since machines that test are slow. */
const TIMEOUT_MS = 3_000;
const FORMS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['native', {}],
  ['undici', { PILOTLIGHT_HTTP: 'undici' }],
];

/**
 * What `acts` names is called; all else gives the process id. Calls come in any order, each on a connection of its own:
 * what waits for `release` finds it done already, or says that it waits.
 */
const handler = (acts: string) => `const { promise: released, resolve: release } = Promise.withResolvers();
const wait = async () => { process.stderr.write('a call waits\\n'); await released; };
export const handler = async (event, context) => {
  await acts[event]?.(context);
  return process.pid;
};
const acts = { wait, release, ${acts} };`;
const HANDLER_PLACE = 'function\\.bundle\\.js:3:24';

async function useHanging(t: TestContext, acts: string, variables: Readonly<Record<string, string>> = {}) {
  const bootstrap = await useBootstrap(t, {
    files: { 'function.bundle.js': handler(acts) },
    variables: {
      AWS_LAMBDA_MAX_CONCURRENCY: '4',
      PILOTLIGHT_DEADLINE_LOOK_MS: '2700',
      PILOTLIGHT_DEADLINE_MARGIN_MS: '400',
      ...variables,
    },
  });
  // The time of an invocation is not to go by before it begins.
  await bootstrap.api.polled();
  return bootstrap;
}

function call({ api }: TestBootstrap, id: string, act = '', timeoutMs?: number): Promise<Post> {
  const headers =
    timeoutMs === undefined ? {} : { 'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs) };
  return api.send({ id, body: JSON.stringify(act), headers });
}

function pidOf({ path, body }: Post): number {
  assert.match(path, /\/response$/, String(body));
  return Number(body);
}

function errorOf({ path, body }: Post) {
  assert.match(path, /\/error$/);
  return JSON.parse(String(body)) as { errorType: string; errorMessage: string; trace: string[] };
}

function timeoutOf(post: Post): { readonly told: string; readonly trace: string } {
  const { errorType, errorMessage, trace } = errorOf(post);
  assert.equal(errorType, 'Sandbox.Timedout');
  assert.match(errorMessage, /^Task timed out after \d+\.00 seconds: /);
  return { told: errorMessage, trace: trace.join('\n') };
}

/** Resolves when so many calls are in the worker, which a later one may then hold up. */
const untilWaiting = (bootstrap: TestBootstrap, count = 1) => untilSaid(bootstrap, 'a call waits', count);

/** Of a call that another is to hold up before it is looked at. */
const HELD_UP_MS = 3_500;

/** Nothing is answered twice. */
function assertAnsweredOnce({ api }: TestBootstrap, count: number): void {
  assert.equal(new Set(api.posts.map(({ path }) => path.split('/').at(-2))).size, count);
  assert.equal(api.posts.length, count);
}

// Most of their time they wait.
suite('deadlines of calls beside one another', { concurrency: 3 }, () => {
  for (const [form, variables] of FORMS) {
    test(`a promise that never settles costs its caller the answer, and the others nothing (${form})`, async (t) => {
      const acts = `hang: ({ signal }) => { hanging.resolve(signal); return released; }, signal: async () => {
  const signal = await hanging.promise;
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
} };
const hanging = Promise.withResolvers();
const unused = {`;
      const bootstrap = await useHanging(t, acts, variables);
      const pid = pidOf(await call(bootstrap, 'a'));
      const hanging = call(bootstrap, 'hang', 'hang', TIMEOUT_MS);
      const signal = call(bootstrap, 'signal', 'signal');
      const waiting = call(bootstrap, 'wait', 'wait');
      assert.equal(pidOf(await call(bootstrap, 'b')), pid);
      const { told } = timeoutOf(await hanging);
      assert.match(told, new RegExp(`the handler at .*${HANDLER_PLACE} has not settled`));
      // Its code goes on: its signal aborts, and what it gives at last is nobody's.
      assert.equal(pidOf(await signal), pid);
      const dropped = untilSaid(bootstrap, 'hang was answered after its deadline: the answer is dropped');
      assert.equal(pidOf(await call(bootstrap, 'release', 'release')), pid);
      assert.equal(pidOf(await waiting), pid);
      await dropped;
      assert.equal(pidOf(await call(bootstrap, 'c')), pid);
      assertAnsweredOnce(bootstrap, 7);
    });

    test(`an endless loop costs those beside it an error that says why, and the next call finds another worker (${form})`, async (t) => {
      const bootstrap = await useHanging(t, 'hang: () => { for (;;) ; }', variables);
      const pids = [];
      for (const id of ['a', 'b', 'c']) pids.push(pidOf(await call(bootstrap, id)));
      const others = ['d', 'e', 'f'].map((id) => call(bootstrap, id, 'wait'));
      await untilWaiting(bootstrap, others.length);
      const { told, trace } = timeoutOf(await call(bootstrap, 'hang', 'hang', TIMEOUT_MS));
      assert.match(told, /the code stands at .*hang \(.*function\.bundle\.js:7:/);
      assert.match(trace, /at handler \(.*function\.bundle\.js:4:/);
      // It comes to the worker that stands still, which does not read it.
      const next = call(bootstrap, 'g');
      for (const post of await Promise.all(others)) {
        const { errorType, errorMessage } = errorOf(post);
        assert.equal(errorType, 'Runtime.WorkerKilled');
        assert.match(errorMessage, /another one that ran beside it stopped the event loop past its deadline/);
      }
      assert.notEqual(pidOf(await next), pids[0]);
      assert.equal(new Set(pids).size, 1);
      assert.match(bootstrap.stderr(), /worker \d+ stands still past a deadline: the code stands at .*hang/);
      assertAnsweredOnce(bootstrap, 8);
    });
  }

  test('a call that computes past the deadline of another, within its own, is not ended', async (t) => {
    const bootstrap = await useHanging(
      t,
      `compute: () => { const endMs = Date.now() + ${TIMEOUT_MS + 1_000}; while (Date.now() < endMs) ; }`,
    );
    const pid = pidOf(await call(bootstrap, 'a'));
    const waiting = call(bootstrap, 'wait', 'wait', HELD_UP_MS);
    await untilWaiting(bootstrap);
    const computing = call(bootstrap, 'compute', 'compute');
    const { told, trace } = timeoutOf(await waiting);
    assert.match(told, /the handler at .* has not settled.*; another invocation runs at .*compute \(/);
    assert.doesNotMatch(trace, /at .*compute/);
    assert.equal(pidOf(await computing), pid);
    assertAnsweredOnce(bootstrap, 3);
  });

  test('a call that waits for a process it started, past the deadline of another, is not ended', async (t) => {
    const bootstrap = await useHanging(
      t,
      `child: () => execFileSync('/bin/sleep', ['4']) };
const { execFileSync } = process.getBuiltinModule('node:child_process');
const unused = {`,
    );
    const waiting = call(bootstrap, 'wait', 'wait', HELD_UP_MS);
    await untilWaiting(bootstrap);
    const child = call(bootstrap, 'child', 'child');
    const { errorMessage } = errorOf(await waiting);
    assert.match(errorMessage, /^Task timed out after \d+\.00 seconds/);
    assert.doesNotMatch(errorMessage, /sleep/);
    pidOf(await child);
    assertAnsweredOnce(bootstrap, 2);
  });

  test('a server that never answers is told by its address, and the await of the call by its own line', async (t) => {
    const gate = await useGate(t);
    const bootstrap = await useHanging(
      t,
      `hang: query };
async function query() {
  await new Promise((resolve) => request('${gate.url}', resolve).end());
}
const { request } = process.getBuiltinModule('node:http');
const unused = {`,
      { PILOTLIGHT_ASYNC_TRACE: 'on' },
    );
    const waiting = call(bootstrap, 'wait', 'wait');
    const { told, trace } = timeoutOf(await call(bootstrap, 'hang', 'hang', TIMEOUT_MS));
    const { host } = new URL(gate.url);
    assert.match(told, new RegExp(`pending \\(of 2 invocations\\): .*Socket to ${host}`));
    assert.match(trace, /await: .*query.* \(.*function\.bundle\.js:9:/);
    assert.doesNotMatch(trace, /await: .*wait \(/);
    pidOf(await call(bootstrap, 'release', 'release'));
    pidOf(await waiting);
    assertAnsweredOnce(bootstrap, 3);
  });

  test('two calls that are overdue at once have an error each, and both pollers go on', async (t) => {
    const meet = `meet: () => (++met === 2 ? both.resolve() : both.promise) };
let met = 0;
const both = Promise.withResolvers();
const unused = {`;
    const bootstrap = await useHanging(t, meet, { AWS_LAMBDA_MAX_CONCURRENCY: '2' });
    const overdue = ['a', 'b'].map((id) => call(bootstrap, id, 'wait', TIMEOUT_MS));
    for (const post of await Promise.all(overdue)) timeoutOf(post);
    const [first, second] = await Promise.all(['c', 'd'].map((id) => call(bootstrap, id, 'meet')));
    assert.equal(pidOf(first as Post), pidOf(second as Post));
    assertAnsweredOnce(bootstrap, 4);
  });

  test('of two workers only the one whose event loop stands still is replaced', async (t) => {
    const bootstrap = await useHanging(
      t,
      `hang: () => { for (;;) ; }, stay: async ({ awsRequestId: id }) => {
    writeFileSync(process.env.TMPDIR + '/run-' + id, '');
    while (!existsSync(process.env.TMPDIR + '/go-' + id)) await new Promise((resolve) => setTimeout(resolve, 2));
  } };
const { existsSync, writeFileSync } = process.getBuiltinModule('node:fs');
const unused = {`,
      { PILOTLIGHT_WORKERS: '2', PILOTLIGHT_LOG: 'debug' },
    );
    await untilSaid(bootstrap, ' ready: ', 2);
    const path = (name: string) => join(bootstrap.folder, 'tmp', name);
    const lost = call(bootstrap, 'a', 'stay');
    await untilFile(path('run-a'));
    const kept = call(bootstrap, 'b', 'stay');
    await untilFile(path('run-b'));
    // The first worker takes it: both have one.
    timeoutOf(await call(bootstrap, 'hang', 'hang', TIMEOUT_MS));
    assert.equal(errorOf(await lost).errorType, 'Runtime.WorkerKilled');
    writeFileSync(path('go-b'), '');
    const pid = pidOf(await kept);
    assert.equal(pidOf(await call(bootstrap, 'c')), pid);
    assertAnsweredOnce(bootstrap, 4);
  });

  for (const [form, variables] of FORMS) {
    test(`a stream that is not over at its deadline ends with the error in its trailers, and its worker lives (${form})`, async (t) => {
      const bootstrap = await useBootstrap(t, {
        files: {
          'function.bundle.js': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write(String(process.pid));
  if (event === 'hang') await new Promise(() => {});
  stream.end();
});`,
        },
        variables: {
          AWS_LAMBDA_MAX_CONCURRENCY: '2',
          PILOTLIGHT_DEADLINE_MARGIN_MS: '400',
          ...variables,
        },
      });
      await bootstrap.api.polled();
      const late = await call(bootstrap, 'a', 'hang', TIMEOUT_MS);
      assert.equal(late.trailers['lambda-runtime-function-error-type'], 'Sandbox.Timedout');
      const next = await call(bootstrap, 'b');
      assert.equal(next.trailers['lambda-runtime-function-error-type'], undefined);
      assert.equal(pidOf(next), pidOf(late));
      assertAnsweredOnce(bootstrap, 2);
    });
  }

  test('a worker that takes no signal, and stands still, is replaced too', async (t) => {
    const bootstrap = await useHanging(t, 'hang: () => { for (;;) ; }', {
      NODE_OPTIONS: '--disable-sigusr1',
    });
    const lost = call(bootstrap, 'a', 'wait');
    await untilWaiting(bootstrap);
    const { errorMessage } = errorOf(await call(bootstrap, 'hang', 'hang', TIMEOUT_MS));
    assert.match(errorMessage, /^Task timed out after \d+\.00 seconds/);
    assert.equal(errorOf(await lost).errorType, 'Runtime.WorkerKilled');
    pidOf(await call(bootstrap, 'b'));
    assertAnsweredOnce(bootstrap, 3);
  });
});
