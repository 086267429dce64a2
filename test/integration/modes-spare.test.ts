import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { untilFile } from '../helpers/until-file.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { type BootstrapRequest, type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

interface Seen {
  readonly calls: number;
  readonly pid: number;
}

/** Counts its calls, and does what the event says; each worker says by a file that it has started, or ended. */
const COUNTER = {
  'function.bundle.js': `import { existsSync, writeFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    const path = (name) => process.env.TMPDIR + '/' + name;
    if (existsSync(path('broken'))) { console.error('cannot start'); process.exit(3); }
    pilotlight.onShutdown(() => writeFileSync(path('ended-' + process.pid), ''));
    let calls = 0;
    const DOES = {
      exit: () => process.exit(7),
      throw: () => { throw new RangeError('no'); },
      hang: () => { for (;;); },
      wait: async (id) => { writeFileSync(path('run-' + id), ''); while (!existsSync(path('go-' + id))) await delay(2); },
    };
    export const handler = async (event, { awsRequestId }) => {
      calls += 1;
      await DOES[event]?.(awsRequestId);
      return { calls, pid: process.pid };
    };`,
};

function useSpare(t: TestContext, request: Partial<BootstrapRequest> = {}): Promise<TestBootstrap> {
  return useBootstrap(t, {
    files: COUNTER,
    ...request,
    variables: {
      PILOTLIGHT_MODE: 'spare',
      PILOTLIGHT_LOG: 'debug',
      PILOTLIGHT_STOP_GRACE_MS: '20000',
      ...request.variables,
    },
  });
}

async function ask({ api }: TestBootstrap, id: string, event = 'count'): Promise<Seen> {
  const post = await api.send({ id, body: JSON.stringify(event) });
  assert.match(post.path, /\/response$/, String(post.body));
  return JSON.parse(String(post.body));
}

async function fail({ api }: TestBootstrap, id: string, event: string, headers = {}) {
  const post = await api.send({ id, body: JSON.stringify(event), headers });
  assert.match(post.path, /\/error$/);
  return JSON.parse(String(post.body));
}

const ended = ({ folder }: TestBootstrap) =>
  readdirSync(join(folder, 'tmp'))
    .filter((name) => name.startsWith('ended-'))
    .map((name) => Number(name.slice('ended-'.length)));

for (const form of [
  {},
  { PILOTLIGHT_LAUNCH: 'node', PILOTLIGHT_HTTP: 'undici', PILOTLIGHT_PIPELINE: 'on' },
]) {
  test(`a counter in a spare worker never passes one, and its hooks run ${JSON.stringify(form)}`, async (t) => {
    const bootstrap = await useSpare(t, { variables: form });
    const seen: Seen[] = [];
    for (const id of 'abcd') seen.push(await ask(bootstrap, id));
    assert.deepEqual(
      seen.map(({ calls }) => calls),
      [1, 1, 1, 1],
    );
    assert.equal(new Set(seen.map(({ pid }) => pid)).size, 4);
    bootstrap.child.kill('SIGTERM');
    assert.equal(await bootstrap.exited, 0);
    for (const { pid } of seen) assert.ok(ended(bootstrap).includes(pid), `${pid} in ${ended(bootstrap)}`);
  });
}

test('a poll goes out when the next spare worker is there', async (t) => {
  const bootstrap = await useSpare(t);
  await bootstrap.api.polled();
  assert.equal(bootstrap.stderr().split(' ready: ').length, 2);
  await ask(bootstrap, 'a');
  await bootstrap.api.polled();
  assert.equal(bootstrap.stderr().split(' ready: ').length, 3);
});

test('the next spare worker boots beside an invocation that takes its time', async (t) => {
  const bootstrap = await useSpare(t);
  const running = ask(bootstrap, 'a', 'wait');
  await untilFile(join(bootstrap.folder, 'tmp/run-a'));
  await untilSaid(bootstrap, ' ready: ', 2);
  writeFileSync(join(bootstrap.folder, 'tmp/go-a'), '');
  assert.notEqual((await running).pid, (await ask(bootstrap, 'b')).pid);
});

test('a stream comes to its end before its spare worker does', async (t) => {
  const bootstrap = await useSpare(t, {
    files: {
      'function.bundle.js': `import { setTimeout as delay } from 'node:timers/promises';
        let calls = 0;
        export const handler = awslambda.streamifyResponse(async (_, stream) => {
          for (const digit of String(process.pid)) { stream.write(digit); await delay(1); }
          stream.end(' ' + ++calls);
        });`,
    },
  });
  const answers: string[] = [];
  for (const id of 'abc') answers.push(String((await bootstrap.api.send({ id })).body));
  assert.equal(new Set(answers).size, 3);
  for (const answer of answers) assert.match(answer, /^\d+ 1$/);
});

test('a spare worker that throws or dies costs its own invocation only', async (t) => {
  const bootstrap = await useSpare(t);
  const thrown = await fail(bootstrap, 'a', 'throw');
  assert.deepEqual([thrown.errorType, thrown.errorMessage], ['RangeError', 'no']);
  assert.equal((await ask(bootstrap, 'b')).calls, 1);
  const died = await fail(bootstrap, 'c', 'exit');
  assert.equal(died.errorType, 'Runtime.ExitError');
  assert.match(died.errorMessage, /the worker exited with code 7;/);
  assert.equal((await ask(bootstrap, 'd')).calls, 1);
});

test('a spare worker that hangs is ended before its deadline, and the next one takes over', async (t) => {
  const bootstrap = await useSpare(t, {
    variables: { PILOTLIGHT_DEADLINE_LOOK_MS: '5700', PILOTLIGHT_DEADLINE_MARGIN_MS: '400' },
  });
  await bootstrap.api.polled();
  // Long, since the next worker boots while this one is looked at.
  const deadline = { 'lambda-runtime-deadline-ms': String(Date.now() + 6_000) };
  const { errorType, errorMessage } = await fail(bootstrap, 'a', 'hang', deadline);
  assert.equal(errorType, 'Sandbox.Timedout');
  assert.match(errorMessage, /the code stands at .*function\.bundle\.js/);
  assert.equal((await ask(bootstrap, 'b')).calls, 1);
});

test('a spare worker that died before its event is replaced when the event comes', async (t) => {
  const bootstrap = await useSpare(t);
  await bootstrap.api.polled();
  const pid = Number(/worker (\d+) ready: /.exec(bootstrap.stderr())?.[1]);
  process.kill(pid, 'SIGKILL');
  await untilSaid(bootstrap, `worker ${pid} is gone`);
  const { calls, pid: next } = await ask(bootstrap, 'a');
  assert.equal(calls, 1);
  assert.notEqual(next, pid);
});

test('a bundle that does not load is an init error in spare mode too', async (t) => {
  const { api, exited } = await useSpare(t, {
    files: { 'function.bundle.js': `throw new RangeError('no');` },
  });
  assert.equal(JSON.parse(String((await api.initError()).body)).errorType, 'RangeError');
  assert.equal(await exited, 1);
});

test('spare workers that do not start any more cost an error each, until the bootstrap gives up', async (t) => {
  const bootstrap = await useSpare(t);
  await bootstrap.api.polled();
  writeFileSync(join(bootstrap.folder, 'tmp/broken'), '');
  // The one that was ahead is none of them.
  assert.equal((await ask(bootstrap, 'a')).calls, 1);
  for (const id of 'bc')
    assert.equal((await fail(bootstrap, id, 'count')).errorType, 'Runtime.WorkerStartFailed');
  assert.equal(await bootstrap.exited, 1);
  assert.match(bootstrap.stderr(), /Cannot start a worker any more: 5 starts in a row failed/);
});

test('each of several pollers has a spare worker of its own', async (t) => {
  const bootstrap = await useSpare(t, { variables: { AWS_LAMBDA_MAX_CONCURRENCY: '2' } });
  await untilSaid(bootstrap, ' ready: ', 2);
  const tmp = join(bootstrap.folder, 'tmp');
  const running = [ask(bootstrap, 'a', 'wait'), ask(bootstrap, 'b', 'wait')];
  await Promise.all([untilFile(join(tmp, 'run-a')), untilFile(join(tmp, 'run-b'))]);
  await untilSaid(bootstrap, ' ready: ', 4);
  for (const id of 'ab') writeFileSync(join(tmp, `go-${id}`), '');
  const seen = [...(await Promise.all(running)), await ask(bootstrap, 'c'), await ask(bootstrap, 'd')];
  assert.deepEqual(new Set(seen.map(({ calls }) => calls)), new Set([1]));
  assert.equal(new Set(seen.map(({ pid }) => pid)).size, 4);
});
