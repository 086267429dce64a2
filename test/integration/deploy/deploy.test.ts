import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { writeZip } from '../../../layers/build/zip.ts';
import { applyPlan } from '../../../layers/deploy/apply.ts';
import { clientSettings } from '../../../layers/deploy/clients.ts';
import { readDeployed } from '../../../layers/deploy/deployed.ts';
import type { Desired, DesiredLayer } from '../../../layers/deploy/desired.ts';
import { codeSha256, readLocalZip } from '../../../layers/deploy/local-zip.ts';
import { makePlan, type PartName } from '../../../layers/deploy/plan.ts';
import { removeFunction } from '../../../layers/deploy/remove.ts';
import { findEarlier, rollBack } from '../../../layers/deploy/rollback.ts';
import { swapCode } from '../../../layers/deploy/swap.ts';
import { explainDeployed } from '../../../layers/explain/explain-deployed.ts';
import { MACHINE_ARCH, readFunctionSettings } from '../../../runtime/cli/function-settings.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { ROLE, useControl } from '../../helpers/use-control.ts';
import { useWriteProxy } from '../../helpers/use-write-proxy.ts';

const DEPLOY_ONCE = fileURLToPath(new URL('../../fixtures/deploy/deploy-once.ts', import.meta.url));
const LAYERS = '/2018-10-31/layers';
const FUNCTIONS = '/2015-03-31/functions';

describe('a deployment to the local Lambda', () => {
  const shared = useControl();
  const proxy = useWriteProxy(() => shared.lambda.url);

  /** What is to be deployed, told apart by a word in each part. */
  async function describeParts(name: string, words: { code: string; runtime?: string; memoryMiB?: number }) {
    const { code, runtime = 'a', memoryMiB = 256 } = words;
    const settings = await readFunctionSettings('.', {
      name,
      role: ROLE,
      handler: 'ok',
      timeoutS: 20,
      memoryMiB,
    });
    const layer = async (part: DesiredLayer['part'], word: string): Promise<DesiredLayer> => {
      const path = `${shared.folder}/${part}-${word}.zip`;
      await writeZip(path, [{ path: `${part}.txt`, content: Buffer.from(word), executable: false }]);
      return { ...(await readLocalZip(path)), part, name: `pilotlight-${part}`, arch: MACHINE_ARCH };
    };
    const layers = [await layer('interpreter', 'a'), await layer('runtime', runtime)];
    const zip = await makeCodeZip(shared.folder, code);
    return { settings, layers, code: await readLocalZip(zip.path) } satisfies Desired;
  }

  function toolsFor(endpoint: string) {
    const settings = clientSettings({ endpoint, region: undefined, profile: undefined, shell: {} });
    const client = new LambdaClient(settings);
    return { client, settings, bucket: undefined, signal: new AbortController().signal, note: () => {} };
  }

  async function deploy(desired: Desired, only?: PartName): Promise<void> {
    const tools = toolsFor(proxy.url);
    try {
      await applyPlan(makePlan(desired, await readDeployed(tools.client, desired), only), only, tools);
    } finally {
      tools.client.destroy();
    }
  }

  async function steps(desired: Desired): Promise<string[]> {
    const plan = makePlan(desired, await readDeployed(shared.client, desired));
    return plan.steps.map(({ action, part }) => `${action} ${part}`);
  }

  test('each change touches what it must, and nothing else', async () => {
    const name = 'stepwise';
    const first = await describeParts(name, { code: '1' });
    assert.deepEqual(await steps(first), ['publish interpreter', 'publish runtime', 'create function']);
    assert.deepEqual(await proxy.during(() => deploy(first)), [
      `POST ${LAYERS}/pilotlight-interpreter/versions`,
      `POST ${LAYERS}/pilotlight-runtime/versions`,
      `POST ${FUNCTIONS}`,
    ]);
    assert.equal((await shared.ask(name)).code, '1');

    assert.deepEqual(await proxy.during(() => deploy(first)), []);
    assert.deepEqual(
      new Set(await steps(first)),
      new Set(['keep interpreter', 'keep runtime', 'keep function']),
    );

    const bundle = await describeParts(name, { code: '2' });
    assert.deepEqual(await proxy.during(() => deploy(bundle)), [`PUT ${FUNCTIONS}/${name}/code`]);
    assert.equal((await shared.ask(name)).code, '2');

    const runtime = await describeParts(name, { code: '2', runtime: 'b' });
    assert.deepEqual(await steps(runtime), ['keep interpreter', 'publish runtime', 'update function']);
    assert.deepEqual(await proxy.during(() => deploy(runtime)), [
      `POST ${LAYERS}/pilotlight-runtime/versions`,
      `PUT ${FUNCTIONS}/${name}/configuration`,
      `POST ${FUNCTIONS}/${name}/versions`,
    ]);
    const parts = await explainDeployed(shared.client, name);
    assert.deepEqual(
      parts.map(({ arn }) => arn.split(':').slice(6).join(':')),
      ['pilotlight-interpreter:1', 'pilotlight-runtime:2', name],
    );
    const zips = [...runtime.layers, runtime.code];
    assert.deepEqual(
      parts.map((part) => part.codeSha256),
      zips.map(({ sha256 }) => codeSha256(sha256)),
    );
  });

  test('a part alone leaves the others as they are', async () => {
    const first = await describeParts('alone', { code: '1', runtime: 'alone' });
    await assert.rejects(deploy(first, 'function'), { code: 'CANNOT', message: /no version of its layer/ });
    await deploy(first);
    const next = await describeParts('alone', { code: '2', runtime: 'c', memoryMiB: 512 });
    assert.deepEqual(await proxy.during(() => deploy(next, 'runtime')), [
      `POST ${LAYERS}/pilotlight-runtime/versions`,
    ]);
    assert.deepEqual(await proxy.during(() => deploy(next, 'interpreter')), []);
    assert.deepEqual(await proxy.during(() => deploy(next, 'function')), [
      `PUT ${FUNCTIONS}/alone/configuration`,
      `PUT ${FUNCTIONS}/alone/code`,
    ]);
  });

  test('a rollback goes back one version at a time, settings and code', async () => {
    const name = 'back';
    for (const [code, memoryMiB] of [
      ['1', 256],
      ['2', 256],
      ['2', 512],
    ] as const) {
      await deploy(await describeParts(name, { code, memoryMiB }));
    }
    const tools = toolsFor(shared.lambda.url);
    const seen: unknown[] = [];
    for (let count = 0; count < 2; count += 1) {
      await rollBack(name, await findEarlier(tools.client, name), tools);
      const { Configuration } = await tools.client.send(new GetFunctionCommand({ FunctionName: name }));
      seen.push([(await shared.ask(name)).code, Configuration?.MemorySize]);
    }
    assert.deepEqual(seen, [
      ['2', 256],
      ['1', 256],
    ]);
    await assert.rejects(findEarlier(tools.client, name), { code: 'CANNOT', message: /no earlier version/ });
    assert.deepEqual(await removeFunction(name, tools), ['function']);
    assert.deepEqual(await removeFunction(name, tools), []);
    tools.client.destroy();
  });

  test('a swap serves the new code, and broken code is refused with its reason', async () => {
    await deploy(await describeParts('swapped', { code: '1' }));
    const { signal } = new AbortController();
    const good = await makeCodeZip(shared.folder, '2');
    assert.ok((await swapCode(shared.client, 'swapped', good.path, signal)) > 0);
    assert.equal((await shared.ask('swapped')).code, '2');
    const content = Buffer.from('#!/bin/sh\nexit 1\n');
    const bad = await makeCodeZip(shared.folder, 'bad', [{ path: 'bootstrap', content, executable: true }]);
    await assert.rejects(swapCode(shared.client, 'swapped', bad.path, signal), {
      code: 'FOUND',
      message: /exit status 1/,
    });
    assert.equal((await shared.ask('swapped')).code, '2');
  });

  for (const fault of ['throttle', 'error', 'reset'] as const) {
    test(`a write that meets "${fault}" is sent again`, async () => {
      const name = `again-${fault}`;
      const desired = await describeParts(name, { code: '1', runtime: fault });
      const writes = await proxy.during(() => deploy(desired), [fault, undefined, fault]);
      assert.deepEqual(writes, [
        `POST ${LAYERS}/pilotlight-runtime/versions`,
        `POST ${LAYERS}/pilotlight-runtime/versions`,
        `POST ${FUNCTIONS}`,
        `POST ${FUNCTIONS}`,
      ]);
      assert.equal((await shared.ask(name)).code, '1');
    });
  }

  test('a write whose answer is lost is not done in vain', async () => {
    const desired = await describeParts('lost', { code: '1', runtime: 'lost' });
    await proxy.during(() => deploy(desired), [undefined, 'lost']);
    assert.equal((await shared.ask('lost')).code, '1');
    assert.ok((await steps(desired)).every((step) => step.startsWith('keep ')));
  });

  test('a deployment that is killed at any write is finished by the next', async () => {
    const name = 'killed';
    const desired = await describeParts(name, { code: '1', runtime: 'k' });
    const changed = await describeParts(name, { code: '2', runtime: 'l' });
    for (const wanted of [desired, changed]) {
      // Each run gets one write further than the one before, since it does not repeat what is there.
      for (let writes = 1; writes > 0; ) {
        const child = spawn(process.execPath, [DEPLOY_ONCE, JSON.stringify(wanted), proxy.url], { env: {} });
        const ended = once(child, 'exit');
        writes = (await proxy.during(() => ended, [() => child.kill('SIGKILL')])).length;
      }
      assert.equal((await shared.ask(name)).code, wanted === desired ? '1' : '2');
      assert.ok((await steps(wanted)).every((step) => step.startsWith('keep ')));
    }
  });

  test('a function that a stack owns is left to it', async () => {
    const desired = await describeParts('stacked', { code: '1' });
    const input = { Tags: { 'aws:cloudformation:stack-name': 'shop' } };
    const deployed = await readDeployed(shared.client, desired);
    const around = { concurrency: undefined, url: undefined, version: undefined, alias: undefined };
    const fn = { configuration: {}, tags: input.Tags, ...around };
    assert.throws(() => makePlan(desired, { ...deployed, fn }), {
      code: 'CANNOT',
      message: /stack "shop" owns it/,
    });
  });
});
