import assert from 'node:assert/strict';
import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { startLocalLambda } from '../../../runtime/emulator/local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { act, makeFunction, useLambda } from './use-lambda.ts';

test('stop() leaves no process, no port and no file', async (t) => {
  const earlier = await workFolders();
  const { lambda } = await useLambda(t);
  await Promise.all([act(lambda, 'sleep', { ms: 200 }), act(lambda, 'sleep', { ms: 200 })]);
  const [folder] = (await workFolders()).filter((name) => !earlier.includes(name));
  assert.ok(folder !== undefined);
  assert.ok((await processesIn(folder)).length >= 2);
  await lambda.stop();
  assert.deepEqual(await processesIn(folder), []);
  assert.ok(!existsSync(`${tmpdir()}/${folder}`));
  await assert.rejects(fetch(lambda.url), { name: 'TypeError' });
});

test('stop() ends a start of the runtime that is under way', async (t) => {
  const earlier = await workFolders();
  const { lambda } = await useLambda(t, { handler: 'hang' });
  const run = assert.rejects(act(lambda, 'echo'), { code: 'CANNOT' });
  const [folder = 'none'] = (await workFolders()).filter((name) => !earlier.includes(name));
  await lambda.stop();
  await run;
  assert.deepEqual(await processesIn(folder), []);
});

test('functions run side by side, each under its name', async (t) => {
  const folder = useTmp(t);
  const functions = [
    await makeFunction(folder, { name: 'one', environment: { WHO: '1' } }),
    await makeFunction(folder, { name: 'two', environment: { WHO: '2' } }),
  ];
  const lambda = await startLocalLambda({ functions, isolation: 'paths' });
  t.after(() => lambda.stop());
  for (const [name, who] of [
    ['one', '1'],
    ['two', '2'],
  ] as const) {
    const { payload } = await lambda.invoke(name, '{"do":"variables"}');
    assert.equal(JSON.parse(String(payload)).WHO, who);
  }
});

test('two functions of one name are refused', async (t) => {
  const fn = await makeFunction(useTmp(t));
  await assert.rejects(startLocalLambda({ functions: [fn, fn], isolation: 'paths' }), { code: 'USAGE' });
});

test('a taken port is refused', async (t) => {
  const { lambda } = await useLambda(t);
  const port = Number(new URL(lambda.url).port);
  await assert.rejects(startLocalLambda({ functions: [], port, isolation: 'paths' }), { code: 'CANNOT' });
});

test('an unknown function, a bad event and one over the limit are refused', async (t) => {
  const { lambda } = await useLambda(t);
  await assert.rejects(lambda.invoke('other', '{}'), { name: 'ResourceNotFoundException' });
  await assert.rejects(lambda.invoke('acts', 'x'), { name: 'InvalidRequestContentException' });
  const large = Buffer.alloc(6 * 1024 * 1024 + 1, ' ');
  await assert.rejects(lambda.invoke('acts', large), { name: 'RequestTooLargeException' });
});

async function workFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`pilotlight-${process.pid}-`));
}

/** Processes whose working directory lies in a work folder. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return realpathSync(`/proc/${pid}/cwd`).includes(`/${folder}/`);
    } catch {
      return false;
    }
  });
}
