import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { untilFile, withProbe } from '../helpers/probe-bootstrap.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

const PID = { 'function.bundle.js': 'export const handler = () => process.pid;' };
/** A handler that tells when it began and when it is about to return, and waits for a word in between. */
const STEPS = {
  'function.bundle.js': `import { existsSync, writeFileSync } from 'node:fs';
    const file = (name) => process.env.TMPDIR + '/' + name;
    export const handler = async ({ waits }) => {
      if (!waits) return process.pid;
      writeFileSync(file('started'), String(process.pid));
      while (!existsSync(file('go'))) await new Promise((resolve) => setTimeout(resolve, 2));
      writeFileSync(file('returning'), '');
      return process.pid;
    };`,
};
/** Told on SIGUSR2, into a file called after the process: the timers that are armed, and where each was. */
const TIMERS_PROBE = `import { createHook } from 'node:async_hooks';
  import { renameSync, writeFileSync } from 'node:fs';
  const armed = new Map();
  createHook({
    init: (id, type) => type === 'Timeout' && armed.set(id, new Error().stack),
    destroy: (id) => armed.delete(id),
  }).enable();
  process.on('SIGUSR2', () => {
    const file = import.meta.dirname + '/timers-' + process.pid;
    writeFileSync(file + '.part', JSON.stringify([...armed.values()]));
    renameSync(file + '.part', file);
  });`;

const CUTS = ['nothing', 'end', 'reset'] as const;
const VARIANTS: readonly Readonly<Record<string, string>>[] = [
  {},
  { PILOTLIGHT_PIPELINE: 'on' },
  { PILOTLIGHT_HTTP: 'undici' },
];

for (const variables of VARIANTS) {
  const label = labelOf(variables);

  for (const point of ['polls', 'takes an event', 'runs the handler', 'is about to post'] as const) {
    // An event that is on its way when the connection breaks is the platform's to send again.
    for (const cut of point === 'takes an event' ? ['nothing' as const] : CUTS) {
      const meanwhile = cut === 'nothing' ? '' : ` and its connections are closed (${cut})`;
      test(`an environment that is frozen while it ${point}${meanwhile} loses no invocation, ${label}`, async (t) => {
        const bootstrap = await useBootstrap(t, { files: STEPS, variables });
        const { api, folder } = bootstrap;
        const pid = Number((await api.send({ id: 'warm' })).body);
        const tree = [bootstrap.child.pid as number, pid];
        const tmp = join(folder, 'tmp');
        await api.polled();

        let answered: ReturnType<typeof api.send> | undefined;
        if (point !== 'polls')
          answered = api.send({ id: 'a', body: JSON.stringify({ waits: point !== 'takes an event' }) });
        if (point === 'runs the handler' || point === 'is about to post') await untilFile(tmp, 'started');
        if (point === 'is about to post') {
          // The bootstrap first, so that the answer is in the socket between the two.
          await freeze([tree[0] as number]);
          writeFileSync(join(tmp, 'go'), '');
          await untilFile(tmp, 'returning');
        }
        await freeze(tree);
        if (cut !== 'nothing') api.cut(cut);
        if (point === 'runs the handler') writeFileSync(join(tmp, 'go'), '');
        for (const each of tree) process.kill(each, 'SIGCONT');

        answered ??= api.send({ id: 'a' });
        assert.equal(Number((await answered).body), pid);
        assert.equal(Number((await api.send({ id: 'next' })).body), pid);
        assertOnce(bootstrap, ['warm', 'a', 'next']);
      });
    }
  }

  for (const cut of ['end', 'reset'] as const) {
    test(`a Runtime API that closes idle connections (${cut}) costs no invocation, ${label}`, async (t) => {
      const bootstrap = await useBootstrap(t, { files: STEPS, variables });
      const { api, folder } = bootstrap;
      await api.send({ id: 'warm' });
      await api.polled();
      api.cut(cut);
      await api.polled();
      const answered = api.send({ id: 'a', body: '{"waits":true}' });
      await untilFile(join(folder, 'tmp'), 'started');
      api.cut(cut);
      writeFileSync(join(folder, 'tmp/go'), '');
      await answered;
      await api.send({ id: 'next' });
      assertOnce(bootstrap, ['warm', 'a', 'next']);
    });
  }
}

for (const variables of VARIANTS.filter((one) => one.PILOTLIGHT_HTTP === undefined)) {
  test(`no timer but the deadline's is armed while all is idle, ${labelOf(variables)}`, async (t) => {
    const { bootstrap, worker } = await timersWhileIdle(t, PID, variables);
    // After a freeze it fires at once, finds no invocation that is nearly over, and is moved.
    assert.match(bootstrap.join(), /at DeadlineWatch\.begin/);
    assert.deepEqual({ timers: bootstrap.length, worker }, { timers: 1, worker: [] });
  });
}

test('a timer is seen also when it keeps nothing alive', async (t) => {
  const files = { 'function.bundle.js': `setTimeout(() => {}, 1e9).unref(); ${PID['function.bundle.js']}` };
  const { bootstrap, worker } = await timersWhileIdle(t, files, { PILOTLIGHT_HTTP: 'undici' });
  assert.match(worker.join(), /function\.bundle\.js/);
  assert.match(bootstrap.join(), /undici/);
});

/** Where the timers come from that are armed between two invocations. */
async function timersWhileIdle(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
) {
  const { api, child, folder } = await useBootstrap(t, {
    files,
    // What steers the interpreter reaches the worker alone.
    variables: { ...variables, NODE_OPTIONS: '--import ./probe.mjs' },
    command: withProbe(TIMERS_PROBE),
  });
  let worker = 0;
  for (const id of ['a', 'b', 'c']) worker = Number((await api.send({ id })).body);
  await api.polled();
  const [ofBootstrap, ofWorker] = await Promise.all(
    [child.pid as number, worker].map(async (pid) => {
      const told = untilFile(join(folder, 'task'), `timers-${pid}`);
      process.kill(pid, 'SIGUSR2');
      await told;
      return JSON.parse(readFileSync(join(folder, `task/timers-${pid}`), 'utf8')) as string[];
    }),
  );
  return { bootstrap: ofBootstrap as string[], worker: ofWorker as string[] };
}

function labelOf(variables: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(variables).map((pair) => pair.join('='));
  return pairs.join(' ') || 'by default';
}

/** Stops processes, and waits until none of them runs any more. */
async function freeze(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const stopped = (pid: number) => /^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  while (!pids.every(stopped)) await new Promise(setImmediate);
}

/** Each invocation has one answer, and a result at that. */
function assertOnce({ api }: TestBootstrap, ids: readonly string[]): void {
  const paths = api.posts.map(({ path }) => path.split('/').slice(-2).join('/'));
  assert.deepEqual(
    paths,
    ids.map((id) => `${id}/response`),
  );
}
