import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import {
  InvokeCommand,
  LambdaClient,
  ListFunctionUrlConfigsCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda';
import { readAlias } from '../../../layers/deploy/alias.ts';
import { applyPlan } from '../../../layers/deploy/apply.ts';
import { clientSettings } from '../../../layers/deploy/clients.ts';
import type { DeployTools } from '../../../layers/deploy/deploy-tools.ts';
import { readDeployed } from '../../../layers/deploy/deployed.ts';
import { readLocalZip } from '../../../layers/deploy/local-zip.ts';
import { makePlan } from '../../../layers/deploy/plan.ts';
import { rollBackAlias } from '../../../layers/deploy/rollback-alias.ts';
import type { Shift } from '../../../layers/deploy/shift.ts';
import { readFunctionSettings } from '../../../runtime/cli/function-settings.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { ROLE, useControl } from '../../helpers/use-control.ts';

const ALIAS = 'live';

describe('an alias of a function in the local Lambda', () => {
  // Whenever a version has a share, it is served.
  const shared = useControl({ draw: () => 0 });

  async function planOf(name: string, code: string, shift?: Shift) {
    const options = { name, role: ROLE, handler: 'ok', timeoutS: 20, alias: ALIAS, url: 'buffered' };
    const settings = await readFunctionSettings('.', options);
    const zip = await readLocalZip((await makeCodeZip(shared.folder, code)).path);
    const desired = { settings, layers: [], code: zip, shift };
    return makePlan(desired, await readDeployed(shared.client, desired));
  }

  function tools(change: Partial<DeployTools> = {}): DeployTools {
    const shell = { region: undefined, profile: undefined, shell: {} };
    const settings = clientSettings({ endpoint: shared.lambda.url, ...shell });
    const { signal } = new AbortController();
    return { client: shared.client, settings, bucket: undefined, signal, note: () => {}, ...change };
  }

  const deploy = async (name: string, code: string, shift?: Shift, change: Partial<DeployTools> = {}) =>
    applyPlan(await planOf(name, code, shift), undefined, tools(change));
  const aliasOf = (name: string) => readAlias(shared.client, { functionName: name, alias: ALIAS });
  const leadsTo = (version: string) => ({ version, weights: {} });

  test('it leads to what was deployed last, and back', async () => {
    const name = 'led';
    await deploy(name, '1');
    assert.deepEqual(await aliasOf(name), leadsTo('1'));
    await deploy(name, '2');
    assert.deepEqual(await aliasOf(name), leadsTo('2'));
    const { steps } = await planOf(name, '2');
    assert.deepEqual(
      steps.map(({ action, part }) => `${action} ${part}`),
      ['keep function', 'keep alias'],
    );
    // A URL of the function itself would pass the alias by.
    const { FunctionUrlConfigs = [] } = await shared.client.send(
      new ListFunctionUrlConfigsCommand({ FunctionName: name }),
    );
    assert.deepEqual(
      FunctionUrlConfigs.map(({ FunctionArn }) => FunctionArn?.split(':').at(-1)),
      [ALIAS],
    );
    const at = { functionName: name, alias: ALIAS };
    assert.equal(await rollBackAlias(at, shared.client), '1');
    assert.deepEqual([(await shared.ask(name, ALIAS)).code, (await shared.ask(name)).code], ['1', '2']);
    await assert.rejects(rollBackAlias(at, shared.client), {
      code: 'CANNOT',
      message: /no version .* older/,
    });
    await assert.rejects(rollBackAlias({ ...at, alias: 'other' }, shared.client), {
      message: /no such alias/,
    });
  });

  test('a shift gives the new version share by share', async () => {
    const name = 'shifted';
    await deploy(name, '1');
    const routes: unknown[] = [];
    const client = new LambdaClient({ ...tools().settings });
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          const { FunctionVersion, RoutingConfig } = args.input as UpdateAliasCommandInput;
          if (commandName === 'UpdateAliasCommand')
            routes.push([FunctionVersion, RoutingConfig?.AdditionalVersionWeights]);
          return next(args);
        },
      { step: 'initialize' },
    );
    await deploy(name, '2', { percents: [10, 50], everyMs: 100, maxErrorPercent: 0 }, { client });
    client.destroy();
    assert.deepEqual(routes, [
      ['1', { 2: 0.1 }],
      ['1', { 2: 0.5 }],
      ['2', {}],
    ]);
    assert.deepEqual(await aliasOf(name), leadsTo('2'));
  });

  const WATCHED: Shift = { percents: [10], everyMs: 60_000, maxErrorPercent: 1 };

  test('a shift goes back when invocations of the new version fail, and the next deployment tries again', async () => {
    const name = 'failing';
    await deploy(name, '1');
    const fail = { FunctionName: name, Qualifier: ALIAS, Payload: '{"do":"fail"}' };
    const invoked: Promise<unknown>[] = [];
    const notes: string[] = [];
    const note = (line: string) => {
      notes.push(line);
      if (line.includes('go to version 2')) {
        // Before the alias is changed as well: only the new version's errors count.
        invoked.push(shared.client.send(new InvokeCommand({ ...fail, Qualifier: '1' })));
        invoked.push(untilServed(name, '2').then(() => shared.client.send(new InvokeCommand(fail))));
      }
    };
    await assert.rejects(deploy(name, '2', WATCHED, { note }), {
      code: 'FOUND',
      message: /version 2: 1 of its \d+ invocations failed, at most 1 % may/,
    });
    await Promise.all(invoked);
    assert.deepEqual(await aliasOf(name), leadsTo('1'));
    assert.match(notes.at(-1) ?? '', /leads to version 1 again/);
    const { steps } = await planOf(name, '2', WATCHED);
    assert.deepEqual(
      steps.map(({ action, why }) => `${action}: ${why}`),
      ['keep: code and settings are the same', 'update: leads to version 1, wanted 2 by 10 %, 100 %'],
    );
  });

  async function untilServed(name: string, version: string): Promise<void> {
    while ((await shared.ask(name, ALIAS)).executed !== version);
  }

  test('a shift that is interrupted goes back', async () => {
    const name = 'interrupted';
    await deploy(name, '1');
    const stopping = new AbortController();
    const note = (line: string) => line.includes('go to version 2') && stopping.abort();
    const { signal } = stopping;
    await assert.rejects(deploy(name, '2', WATCHED, { note, signal }), { name: 'AbortError' });
    assert.deepEqual(await aliasOf(name), leadsTo('1'));
  });

  test('a shift does not begin where nobody tells the errors, unless nobody asks', async () => {
    const name = 'blind';
    await deploy(name, '1');
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page');
    });
    after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { ...tools().settings, endpoint };
    await assert.rejects(deploy(name, '2', WATCHED, { settings }), {
      code: 'CANNOT',
      message: /does not know a call/,
      next: /--max-error-rate none/,
    });
    assert.deepEqual(await aliasOf(name), leadsTo('1'));
    await deploy(name, '2', { percents: [10], everyMs: 1, maxErrorPercent: undefined }, { settings });
    assert.deepEqual(await aliasOf(name), leadsTo('2'));
  });
});
