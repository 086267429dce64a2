import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { untilFile } from '../helpers/until-file.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

/** Says by a file that it runs, and waits for one that lets it go. */
const FUNCTION = {
  'function.bundle.js': `import { existsSync, writeFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    const path = (name) => process.env.TMPDIR + '/' + name;
    pilotlight.onShutdown(() => writeFileSync(path('ended-' + process.pid), ''));
    export const handler = async (event, { awsRequestId }) => {
      writeFileSync(path('run-' + awsRequestId), '');
      while (!existsSync(path('go-' + awsRequestId))) await delay(2);
      return process.pid;
    };`,
};

/** Two workers that both are ready. */
async function usePool(t: TestContext): Promise<TestBootstrap> {
  const bootstrap = await useBootstrap(t, {
    files: FUNCTION,
    variables: {
      AWS_LAMBDA_MAX_CONCURRENCY: '4',
      PILOTLIGHT_WORKERS: '2',
      PILOTLIGHT_LOG: 'debug',
      PILOTLIGHT_STOP_GRACE_MS: '20000',
    },
  });
  await untilSaid(bootstrap, ' ready: ', 2);
  return bootstrap;
}

/** Sends events that all run at once; each is let go by its id. */
async function occupy({ api, folder }: TestBootstrap, ids: readonly string[]) {
  const tmp = join(folder, 'tmp');
  const posts = new Map<string, ReturnType<typeof api.send>>();
  for (const id of ids) {
    posts.set(id, api.send({ id }));
    // One after the other, so that each sees how busy the workers are.
    await untilFile(join(tmp, `run-${id}`));
  }
  return async (id: string) => {
    writeFileSync(join(tmp, `go-${id}`), '');
    const post = await posts.get(id);
    return post?.path.endsWith('/response') ? Number(post.body) : post;
  };
}

test('a worker of two that does not start is tried again as long as the other serves', {
  timeout: 60_000,
}, async (t) => {
  const bootstrap = await useBootstrap(t, {
    files: {
      'function.bundle.js': `import { existsSync } from 'node:fs';
        if (existsSync(process.env.TMPDIR + '/broken')) process.exit(3);
        export const handler = (event) => (event.end ? process.exit(1) : process.pid);`,
    },
    variables: { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_WORKERS: '2', PILOTLIGHT_LOG: 'debug' },
  });
  const { api, folder, stderr } = bootstrap;
  await untilSaid(bootstrap, ' ready: ', 2);
  writeFileSync(join(folder, 'tmp/broken'), '');
  assert.match((await api.send({ id: 'end', body: '{"end":true}' })).path, /\/error$/);
  const answers = new Set<string>();
  for (let failed = 1; failed <= 6; failed++) {
    answers.add(String((await api.send({ id: `event-${failed}` })).body));
    await untilSaid(bootstrap, 'a worker did not start', failed);
  }
  assert.equal(answers.size, 1);
  assert.match(stderr(), /pilotlight warn .*the others go on without a worker that did not start 5 times/);
  rmSync(join(folder, 'tmp/broken'));
  await api.send({ id: 'starts-it' });
  await untilSaid(bootstrap, ' ready: ', 3);
});

test('two workers share four events, each the one that has fewer', async (t) => {
  const bootstrap = await usePool(t);
  const finish = await occupy(bootstrap, ['a', 'b', 'c', 'd']);
  const pids = await Promise.all(['a', 'b', 'c', 'd'].map(finish));
  assert.equal(new Set(pids).size, 2);
  assert.equal(pids.filter((pid) => pid === pids[0]).length, 2);
});

test('a worker of two that dies takes its own events with it only, and is replaced', async (t) => {
  const bootstrap = await usePool(t);
  const first = await occupy(bootstrap, ['a', 'b']);
  const [dead, alive] = [await first('a'), await first('b')];
  const finish = await occupy(bootstrap, ['c', 'd']);
  process.kill(Number(dead), 'SIGKILL');
  const ends = await Promise.all([finish('c'), finish('d')]);
  assert.deepEqual(
    ends.filter((end) => typeof end === 'number'),
    [alive],
  );
  const failed = ends.find((end) => typeof end === 'object');
  assert.match(String(failed?.body), /Runtime\.WorkerKilled/);
  // What follows may all go to the one that is left; it starts the other again.
  const next = await occupy(bootstrap, ['e']);
  assert.equal(await next('e'), alive);
  await untilSaid(bootstrap, ' ready: ', 3);
  const last = await occupy(bootstrap, ['f', 'g']);
  const pids = await Promise.all([last('f'), last('g')]);
  assert.ok(pids.includes(alive as number) && !pids.includes(dead as number));
  assert.equal(new Set(pids).size, 2);
});

test('two workers run their shutdown hooks both', async (t) => {
  const { child, exited, folder } = await usePool(t);
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
  assert.equal(readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('ended-')).length, 2);
});

test('two workers that both do not start are one init error', async (t) => {
  const { api, exited } = await useBootstrap(t, {
    files: { 'function.bundle.js': `throw new RangeError('no');` },
    variables: { AWS_LAMBDA_MAX_CONCURRENCY: '4', PILOTLIGHT_WORKERS: '2' },
  });
  assert.equal(JSON.parse(String((await api.initError()).body)).errorType, 'RangeError');
  assert.equal(await exited, 1);
  assert.equal(api.posts.length, 1);
});
