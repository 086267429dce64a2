import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDev } from '../../../runtime/emulator/cli.ts';
import { lookAtProcess } from '../../../runtime/emulator/sandbox/process-look.ts';
import { untilEnded, untilStopped } from '../../helpers/until-stopped.ts';
import { useGate } from '../../helpers/use-gate.ts';
import { useExtensions } from './extensions/use-extension.ts';
import { act, useLambda } from './use-lambda.ts';
import { type RunningVerb, runVerb, useBuilder } from './use-verb.ts';

const ONE = { freeze: true, maxEnvironments: 1 };

test('an idle environment is stopped, and continued by the next event', async (t) => {
  const { lambda } = await useLambda(t, {}, ONE);
  const pid = Number((await act(lambda, 'pid')).value);
  for (let round = 0; round < 3; round += 1) {
    await untilStopped(pid);
    assert.equal((await act(lambda, 'pid')).value, pid);
  }
});

test('an environment goes on while another event waits', async (t) => {
  const { lambda } = await useLambda(t, { handler: 'continued' }, ONE);
  await untilStopped(Number((await act(lambda, 'pid')).value));
  const results = await Promise.all(Array.from({ length: 30 }, () => act(lambda, 'continued')));
  // The first of them continues it; it may hear of that after it has answered.
  assert.ok(results.every(({ value }) => Number(value) <= 1));
});

test('an event that comes at any moment of a freeze is served', async (t) => {
  const { lambda } = await useLambda(t, {}, ONE);
  const { value: pid } = await act(lambda, 'pid');
  for (let turns = 0; turns < 100; turns += 1) {
    for (let waited = 0; waited < turns; waited += 1) await new Promise(setImmediate);
    assert.equal((await act(lambda, 'pid')).value, pid);
  }
});

test('an environment that is killed while it is frozen costs the next event an init', async (t) => {
  const { lambda } = await useLambda(t, {}, ONE);
  const { value: pid } = await act(lambda, 'pid');
  await untilStopped(Number(pid));
  process.kill(Number(pid), 'SIGKILL');
  await untilEnded(Number(pid));
  // The end may be noticed before or after the next event is handed over; the one after that is served in any case.
  await act(lambda, 'starts');
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('an environment without freeze runs on while it is idle', async (t) => {
  const { lambda } = await useLambda(t, { handler: 'continued' });
  const { value: pid } = await act(lambda, 'pid');
  for (let turns = 0; turns < 5000; turns += 1) await new Promise(setImmediate);
  assert.equal(lookAtProcess(Number(pid))?.activity, 'running');
});

test('an environment runs until its extensions wait for the next event too', async (t) => {
  const gate = await useGate(t);
  const { lambda } = await useExtensions(t, ['watch'], { GATE: gate.url }, ONE);
  const call = await fetch(`${lambda.url}/2015-03-31/functions/acts/invocations`, {
    method: 'POST',
    body: '{"do":"pid"}',
  });
  const pid = (await call.json()) as number;
  await gate.reached;
  for (let turns = 0; turns < 1000; turns += 1) await new Promise(setImmediate);
  assert.equal(lookAtProcess(pid)?.activity, 'running');
  gate.open();
  await untilStopped(pid);
  assert.equal((await act(lambda, 'pid')).value, pid);
});

test('a frozen runtime with an extension is asked to end', async (t) => {
  const { lambda, lines } = await useLambda(t, { handler: 'internal' }, ONE);
  await untilStopped(Number((await act(lambda, 'pid')).value));
  await lambda.stop();
  assert.ok(lines.includes('asked to end'));
});

test('frozen extensions are told of the end', async (t) => {
  const { lambda, lines } = await useExtensions(t, ['watch'], {}, ONE);
  await untilStopped(Number((await act(lambda, 'pid')).value));
  await lambda.stop();
  assert.ok(lines.some((line) => line.startsWith('told ') && line.includes('SHUTDOWN')));
});

/** What runs in the one environment of `dev`. */
async function pidIn(run: RunningVerb): Promise<number> {
  await run.printed('ready ');
  const url = /^ready (\S+)/.exec(run.stdout())?.[1];
  const response = await fetch(`${url}/2015-03-31/functions/acts/invocations`, {
    method: 'POST',
    body: '{"do":"pid"}',
  });
  return (await response.json()) as number;
}

const HERE = ['--port', '0', '--isolation', 'paths'];

test('dev freezes idle environments, and Ctrl-C leaves none of them behind', async (t) => {
  const { builder, zip } = await useBuilder(t);
  const run = runVerb(createDev(builder), zip, ...HERE);
  const pid = await pidIn(run);
  await untilStopped(pid);
  run.interrupt();
  assert.equal(await run.exitCode, 0);
  assert.equal(lookAtProcess(pid), undefined);
});

for (const option of ['--no-freeze', '--inspect=9334']) {
  test(`dev ${option} lets idle environments run`, async (t) => {
    const { builder, zip } = await useBuilder(t);
    const run = runVerb(createDev(builder), zip, option, ...HERE);
    const pid = await pidIn(run);
    await run.printed('REPORT RequestId: ');
    for (let turns = 0; turns < 5000; turns += 1) await new Promise(setImmediate);
    assert.equal(lookAtProcess(pid)?.activity, 'running');
    run.interrupt();
    assert.equal(await run.exitCode, 0);
  });
}
