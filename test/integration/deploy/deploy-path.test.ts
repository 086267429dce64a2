import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { readAlias } from '../../../layers/deploy/alias.ts';
import { codeSha256 } from '../../../layers/deploy/local-zip.ts';
import { removeFunction } from '../../../layers/deploy/remove.ts';
import { findEarlier, rollBack } from '../../../layers/deploy/rollback.ts';
import { rollBackAlias } from '../../../layers/deploy/rollback-alias.ts';
import { LAMBDA_APIS } from '../../helpers/lambda-apis.ts';
import { needs } from '../../helpers/needs.ts';
import { useDeployer } from '../../helpers/use-deployer.ts';

const LAYERS = '/2018-10-31/layers';
const FUNCTIONS = '/2015-03-31/functions';

for (const { name: api, programs, runs, hasIamAndS3, use } of LAMBDA_APIS) {
  describe(`the whole deploy path on ${api}`, needs(...programs), () => {
    const server = use();
    const { proxy, tools, parts, deploy, steps, configuration, code } = useDeployer(() => server.url);

    test('a function is created, changed part by part, left alone, rolled back and deleted', async () => {
      const name = 'life';
      const first = await parts(name, { code: '1' });
      assert.deepEqual(await steps(first), [
        'publish interpreter',
        'publish runtime',
        'create function',
        'create role',
      ]);
      assert.deepEqual(await proxy.during(() => deploy(first)), [
        `POST ${LAYERS}/${name}-interpreter/versions`,
        `POST ${LAYERS}/${name}-runtime/versions`,
        ...(hasIamAndS3 ? ['CreateRole', 'PutRolePolicy'] : []),
        `POST ${FUNCTIONS}`,
      ]);
      const created = await configuration(name);
      assert.equal(created.CodeSha256, codeSha256(first.code.sha256));
      if (runs) assert.equal(await code(name), '1');

      assert.deepEqual(await proxy.during(() => deploy(first)), []);

      const bundle = await parts(name, { code: '2' });
      assert.deepEqual(await steps(bundle), ['keep interpreter', 'keep runtime', 'update function']);
      assert.deepEqual(await proxy.during(() => deploy(bundle)), [`PUT ${FUNCTIONS}/${name}/code`]);

      const runtime = await parts(name, { code: '2', runtime: 'b' });
      assert.deepEqual(await proxy.during(() => deploy(runtime)), [
        `POST ${LAYERS}/${name}-runtime/versions`,
        `PUT ${FUNCTIONS}/${name}/configuration`,
        `POST ${FUNCTIONS}/${name}/versions`,
      ]);
      const { Layers = [], CodeSha256 } = await configuration(name);
      assert.deepEqual(
        Layers.map(({ Arn = '' }) => Arn.split(':').slice(-2).join(':')),
        [`${name}-interpreter:1`, `${name}-runtime:2`],
      );
      assert.equal(CodeSha256, codeSha256(bundle.code.sha256));

      // One version back are the layers, which is a change of settings; the code stays.
      const tool = tools();
      const back = async () => rollBack(name, await findEarlier(tool.client, name), tool);
      assert.deepEqual(await proxy.during(back), [
        `PUT ${FUNCTIONS}/${name}/configuration`,
        `POST ${FUNCTIONS}/${name}/versions`,
      ]);
      assert.equal((await configuration(name)).Layers?.[1]?.Arn?.split(':').at(-1), '1');
      if (runs) assert.equal(await code(name), '2');

      const remove = () => removeFunction(name, tools());
      assert.deepEqual(await proxy.during(remove), [
        `DELETE ${FUNCTIONS}/${name}`,
        ...(hasIamAndS3 ? ['DeleteRolePolicy', 'DeleteRole'] : []),
      ]);
      assert.deepEqual(await proxy.during(remove), [`DELETE ${FUNCTIONS}/${name}`]);
      assert.deepEqual(await steps(runtime), [
        'keep interpreter',
        'keep runtime',
        'create function',
        'create role',
      ]);
    });

    test('a URL and reserved concurrency come, change and go by themselves', async () => {
      const name = 'around';
      const place = '/2021-10-31/functions/around/url';
      const concurrency = '/2017-10-31/functions/around/concurrency';
      const writesFor = async (settings: Readonly<Record<string, unknown>>) => {
        const desired = await parts(name, { code: '1', settings });
        return proxy.during(() => deploy(desired));
      };
      const mode = async () => {
        const command = new GetFunctionUrlConfigCommand({ FunctionName: name });
        return (await tools(server.url).client.send(command)).InvokeMode;
      };
      const first = await writesFor({ url: 'stream', concurrency: 2 });
      assert.deepEqual(first.slice(-3), [`POST ${FUNCTIONS}`, `POST ${place}`, `PUT ${concurrency}`]);
      assert.equal(await mode(), 'RESPONSE_STREAM');
      assert.deepEqual(await writesFor({ url: 'stream', concurrency: 2 }), []);
      // Whether the function streams is told by a variable, too.
      assert.deepEqual(await writesFor({ url: 'buffered', concurrency: 3 }), [
        `PUT ${FUNCTIONS}/around/configuration`,
        `POST ${FUNCTIONS}/around/versions`,
        `PUT ${place}`,
        `PUT ${concurrency}`,
      ]);
      // Moto takes that update and keeps the mode.
      if (runs) assert.equal(await mode(), 'BUFFERED');
      assert.deepEqual(await writesFor({}), [`DELETE ${place}`, `DELETE ${concurrency}`]);
      assert.deepEqual(await writesFor({}), []);
    });

    test('an alias is led share by share to what is deployed, and back', async () => {
      const name = 'led';
      const settings = { alias: 'live' };
      const shift = { percents: [10], everyMs: 10, maxErrorPercent: 1 };
      const alias = `${FUNCTIONS}/${name}/aliases`;
      await deploy(await parts(name, { code: '1', settings }));
      const next = { ...(await parts(name, { code: '2', settings })), shift };
      // A share, then the whole.
      assert.deepEqual(await proxy.during(() => deploy(next)), [
        `PUT ${FUNCTIONS}/${name}/code`,
        `PUT ${alias}/live`,
        `PUT ${alias}/live`,
      ]);
      const { client } = tools(server.url);
      const at = { functionName: name, alias: 'live' };
      assert.deepEqual(await readAlias(client, at), { version: '2', weights: {} });
      assert.deepEqual(await steps(next), [
        'keep interpreter',
        'keep runtime',
        'keep function',
        'keep alias',
      ]);
      const back = await proxy.during(() => rollBackAlias(at, tools().client));
      assert.deepEqual(back, [`PUT ${alias}/live`]);
      assert.deepEqual(await readAlias(client, at), { version: '1', weights: {} });
    });
  });
}
