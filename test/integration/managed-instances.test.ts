import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilSaid } from '../helpers/until-said.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const EIGHT = { AWS_LAMBDA_MAX_CONCURRENCY: '8' };
/** Runs until as many are there as the environment takes, then does what the event says. */
const MEET = `const all = Promise.withResolvers();
  let count = 0;
  const meet = () => { if (++count === Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY)) all.resolve(); return all.promise; };`;
const bundle = (...code: string[]) => ({ 'function.bundle.js': code.join('\n') });

test('eight events in flight keep their contexts apart, and are answered in any order', async (t) => {
  const { api } = await useBootstrap(t, {
    files: bundle(
      `${MEET} const last = Promise.withResolvers();
      export const handler = async (event, context) => {
        if (event === 'release') return last.resolve();
        await meet();
        if (event === 'a') await last.promise;
        return [event, context.awsRequestId, context.xRayTraceId, process.env._X_AMZN_TRACE_ID ?? null];
      };`,
    ),
    variables: EIGHT,
  });
  const answers = IDS.map((id) =>
    api.send({ id, body: JSON.stringify(id), headers: { 'lambda-runtime-trace-id': `Root=${id}` } }),
  );
  const [first, ...others] = answers;
  await Promise.all(others);
  await api.send({ id: 'release', body: '"release"' });
  await first;
  assert.match(api.posts.at(-1)?.path ?? '', /\/(a|release)\/response$/);
  for (const [index, id] of IDS.entries()) {
    assert.deepEqual(JSON.parse(String((await answers[index])?.body)), [id, id, `Root=${id}`, null]);
  }
});

for (const [name, code, errorType] of [
  ['throws past its handler', `setImmediate(() => { throw new RangeError('lost'); });`, 'RangeError'],
  [
    'leaves a rejection behind',
    `void Promise.reject(new RangeError('lost'));`,
    'Runtime.UnhandledPromiseRejection',
  ],
  ['exits', 'process.exit(3);', 'Runtime.ExitError'],
  ['is killed', `process.kill(process.pid, 'SIGKILL');`, 'Runtime.WorkerKilled'],
] as const) {
  test(`one of eight events that ${name} costs the others an error each, and the environment a worker`, async (t) => {
    const { api } = await useBootstrap(t, {
      files: bundle(
        `${MEET} export const handler = async (event) => {
          if (event === 'pid') return process.pid;
          await meet();
          if (event === 'd') { ${code} }
          await new Promise(() => {});
        };`,
      ),
      variables: EIGHT,
    });
    const before = Number((await api.send({ id: 'before', body: '"pid"' })).body);
    const posts = await Promise.all(IDS.map((id) => api.send({ id, body: JSON.stringify(id) })));
    assert.deepEqual(
      posts.map(({ path }) => path.split('/').slice(-2).join('/')),
      IDS.map((id) => `${id}/error`),
    );
    // Each is told by the dying worker what ended it: none is a victim of the replacement.
    const types = posts.map(({ body }) => JSON.parse(String(body)).errorType);
    const others = errorType === 'Runtime.WorkerKilled' ? errorType : 'Runtime.ExitError';
    assert.deepEqual(
      types,
      IDS.map((id) => (id === 'd' ? errorType : others)),
    );
    assert.notEqual(Number((await api.send({ id: 'after', body: '"pid"' })).body), before);
    assert.equal(api.posts.length, IDS.length + 2);
  });
}

test('of the log lines before an exit the event that made it gets its own, and the others none', async (t) => {
  const { api } = await useBootstrap(t, {
    files: bundle(
      `${MEET} export const handler = async (event) => {
        console.log('log of', event);
        await meet();
        if (event === 'd') process.exit(3);
        await new Promise(() => {});
      };`,
    ),
    variables: EIGHT,
  });
  const posts = await Promise.all(IDS.map((id) => api.send({ id, body: JSON.stringify(id) })));
  const traces = posts.map(({ body }) => JSON.parse(String(body)).trace);
  assert.deepEqual(
    traces.map((trace: string[]) => trace.map((line) => line.split('\t').at(-1))),
    IDS.map((id) => (id === 'd' ? ['log of d'] : [])),
  );
});

for (const http of ['native', 'undici']) {
  test(`handlers that hang past their deadline take no poller with them, and their late answers are let go (${http})`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: bundle(
        `const { promise: released, resolve: release } = Promise.withResolvers();
      export const handler = (event) => {
        if (event === 'hang') return released;
        release('late');
        return event;
      };`,
      ),
      variables: { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_HTTP: http },
    });
    const { api } = bootstrap;
    const headers = { 'lambda-runtime-deadline-ms': String(Date.now() + 50) };
    const late = ['a', 'b'].map((id) => api.send({ id, body: '"hang"', headers }));
    const reaction = { status: 410, body: '{"errorType":"InvokeTimeout"}' };
    api.reactions.push(reaction, reaction, reaction);
    await Promise.all([api.send({ id: 'c' }), ...late]);
    assert.match(String((await api.send({ id: 'd', body: '4' })).path), /d\/response$/);
    await untilSaid(bootstrap, 'was refused with 410', 3);
  });
}

test('the bootstrap ends with 0 on SIGTERM though handlers hang past their deadline', async (t) => {
  const { api, child, exited, stdout, stderr } = await useBootstrap(t, {
    files: bundle(
      `pilotlight.onShutdown(() => console.log('hook'));
      export const handler = (event) => event === 'hang' ? new Promise(() => setInterval(() => {}, 1_000)) : event;`,
    ),
    variables: { AWS_LAMBDA_MAX_CONCURRENCY: '1', PILOTLIGHT_STOP_GRACE_MS: '20000' },
  });
  const headers = { 'lambda-runtime-deadline-ms': String(Date.now() + 50) };
  void api.send({ id: 'a', body: '"hang"', headers });
  await api.send({ id: 'b' });
  await api.polled();
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.doesNotMatch(stderr(), /is killed/);
  assert.match(await stdout, /hook/);
});

test('context.signal fires at the deadline', async (t) => {
  const { api } = await useBootstrap(t, {
    files: bundle(
      `import { once } from 'node:events';
      export const handler = async (event, { signal }) => {
        if (!signal.aborted) await once(signal, 'abort');
        return signal.reason.name;
      };`,
    ),
    variables: EIGHT,
  });
  const headers = { 'lambda-runtime-deadline-ms': String(Date.now() + 50) };
  assert.equal(String((await api.send({ id: 'a', headers })).body), '"TimeoutError"');
});

/** A host that takes events only where its socket is not among those named. */
const CHOOSY_HOST = `import { createServer } from 'node:http';
  import { writeSync } from 'node:fs';
  process.stdin.once('data', (line) => {
    const { socket } = JSON.parse(line);
    const takes = !process.env.BUSY.split(' ').some((name) => socket.endsWith(name));
    createServer((request, response) => {
      const id = { 'lambda-runtime-aws-request-id': request.url.slice('/invocations/'.length) };
      request.resume().once('end', () => response.writeHead(takes ? 200 : 503, id).end('"' + socket.slice(-7) + '"'));
    }).listen(socket, () => writeSync(3, JSON.stringify({ kind: 'ready', protocol: 1 }) + '\\n'));
  }).once('close', () => process.exit());`;

test('an event that a worker does not take goes to another, once', async (t) => {
  const { api } = await useBootstrap(t, {
    files: bundle('export const handler = 1;'),
    opt: { 'pilotlight/hosts/node.mjs': CHOOSY_HOST },
    variables: { BUSY: 'w1.sock' },
  });
  assert.equal(String((await api.send({ id: 'a' })).body), '"w2.sock"');
  assert.equal(String((await api.send({ id: 'b' })).body), '"w2.sock"');
});

test('an event that no worker takes is an error', async (t) => {
  const { api } = await useBootstrap(t, {
    files: bundle('export const handler = 1;'),
    opt: { 'pilotlight/hosts/node.mjs': CHOOSY_HOST },
    variables: { BUSY: 'w1.sock w2.sock' },
  });
  const { headers } = await api.send({ id: 'a' });
  assert.equal(headers['lambda-runtime-function-error-type'], 'Runtime.WorkerUnreachable');
  assert.equal(String((await api.send({ id: 'b' })).body), '"w3.sock"');
});
