import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freezeFor, TIME_PROBE } from '../helpers/jump-in-time.ts';
import { withProbe } from '../helpers/probe-bootstrap.ts';
import { untilStopped } from '../helpers/until-stopped.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

const PID = { 'function.bundle.js': 'export const handler = () => process.pid;' };
const FOREIGN = join(import.meta.dirname, '../fixtures/bootstraps/keep-alive.mjs');
const FREEZES_S = [3, 6, 65, 300];

/** Invokes, freezes, and invokes again; tells by which path the second answer came, and whether from the same worker. */
async function acrossFreeze({ api, child, folder }: TestBootstrap, seconds: number) {
  const before = await api.send({ id: 'before' });
  await api.polled();
  await freezeFor([child.pid as number, Number(before.body)], join(folder, 'task'), 1000 * seconds);
  const after = await api.send({ id: 'after' });
  return { kind: after.path.split('/').at(-1), sameWorker: before.body.equals(after.body) };
}

for (const variables of [{}, { PILOTLIGHT_PIPELINE: 'on' }]) {
  test(`a worker's connection outlives freezes of ${FREEZES_S.join(', ')} s, ${JSON.stringify(variables)}`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: PID,
      variables: { ...variables, NODE_OPTIONS: '--import ./probe.mjs' },
      command: withProbe(TIME_PROBE),
    });
    for (const seconds of FREEZES_S) {
      assert.deepEqual(await acrossFreeze(bootstrap, seconds), { kind: 'response', sameWorker: true });
    }
    assert.doesNotMatch(bootstrap.stderr(), /./);
  });
}

for (const seconds of FREEZES_S) {
  const outlives = seconds < 6;
  test(`a connection that a server keeps for 5 s ${outlives ? 'outlives' : 'is lost in'} a freeze of ${seconds} s`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: {},
      variables: { NODE_OPTIONS: '--import ./probe.mjs' },
      command: (_bootstrap, folder) => {
        writeFileSync(join(folder, 'task/probe.mjs'), TIME_PROBE);
        return [process.execPath, FOREIGN];
      },
    });
    const { kind, sameWorker } = await acrossFreeze(bootstrap, seconds);
    assert.deepEqual([kind, sameWorker], outlives ? ['response', true] : ['error', false]);
  });
}

test('the probe lets a timer fire that is due later', async (t) => {
  const files = {
    'function.bundle.js': `let fired = 'not yet'; setTimeout(() => { fired = 'fired'; }, 60_000);
      export const handler = (event) => event.asks ? fired : process.pid;`,
  };
  const bootstrap = await useBootstrap(t, {
    files,
    variables: { NODE_OPTIONS: '--import ./probe.mjs' },
    command: withProbe(TIME_PROBE),
  });
  const fired: string[] = [];
  for (const seconds of [59, 2]) {
    await acrossFreeze(bootstrap, seconds);
    fired.push(String((await bootstrap.api.send({ id: `asks-${seconds}`, body: '{"asks":true}' })).body));
  }
  assert.deepEqual(fired, ['"not yet"', '"fired"']);
});

test('the local Lambda stops bootstrap and worker while they are idle, and both go on', async (t) => {
  const files = {
    'function.bundle.js': `import { ppid } from 'node:process';
      export const handler = () => ({ pids: [process.pid, ppid] });`,
  };
  const lambda = await useLocalLambda(t, { idle: { files } }, { freeze: true, maxEnvironments: 1 });
  const { value: first } = await lambda.call('idle', {});
  for (let round = 0; round < 3; round += 1) {
    await Promise.all((first as { pids: number[] }).pids.map(untilStopped));
    assert.deepEqual((await lambda.call('idle', {})).value, first);
  }
});
