import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readDeployed } from '../../../layers/deploy/deployed.ts';
import { codeSha256, readLocalZip } from '../../../layers/deploy/local-zip.ts';
import { makePlan } from '../../../layers/deploy/plan.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { LAMBDA_APIS } from '../../helpers/lambda-apis.ts';
import { needs } from '../../helpers/needs.ts';
import { useAwsCommands } from '../../helpers/use-aws-commands.ts';
import { useDeployer } from '../../helpers/use-deployer.ts';

const ROLE_NAME = 'by-hand';
const ROLE = `arn:aws:iam::123456789012:role/${ROLE_NAME}`;

for (const { name: api, programs, runs, hasIamAndS3, use } of LAMBDA_APIS) {
  describe(`commands of the AWS CLI on ${api}`, needs('aws', ...programs), () => {
    const server = use();
    const { folder, proxy, tools, parts, deploy, steps } = useDeployer(() => server.url);
    const { aws, ask } = useAwsCommands(() => server.url);

    before(async () => {
      if (!hasIamAndS3) return;
      await aws('iam create-role', '--role-name', ROLE_NAME, '--assume-role-policy-document', '{}');
    });

    test('take a function through the same life', async () => {
      const fn = ['--function-name', 'plain'];
      const zips = await Promise.all(['1', '2'].map((code) => makeCodeZip(folder, code)));
      const [one = '', two = ''] = zips.map(({ path }) => `fileb://${path}`);
      const layer = await aws('lambda publish-layer-version', '--layer-name', 'by-hand', '--zip-file', one);
      const created = await aws(
        'lambda create-function',
        ...[...fn, '--runtime', 'provided.al2023', '--role', ROLE, '--handler', 'ok', '--timeout', '20'],
        ...['--zip-file', one, '--layers', layer.LayerVersionArn, '--publish'],
      );
      assert.deepEqual([created.Version, created.Layers[0].Arn], ['1', layer.LayerVersionArn]);
      await aws('lambda wait function-active-v2', ...fn);
      const updated = await aws('lambda update-function-code', ...fn, '--zip-file', two, '--publish');
      assert.equal(updated.CodeSha256, codeSha256((await readLocalZip(join(folder, '2.zip'))).sha256));
      await aws('lambda wait function-updated-v2', ...fn);
      await aws('lambda update-function-configuration', ...fn, '--memory-size', '512');
      await aws('lambda wait function-updated-v2', ...fn);
      assert.equal((await aws('lambda publish-version', ...fn)).Version, '3');
      const { Versions } = await aws('lambda list-versions-by-function', ...fn);
      assert.deepEqual(
        Versions.map(({ Version }: { Version: string }) => Version),
        ['$LATEST', '1', '2', '3'],
      );

      const live = [...fn, '--name', 'live'];
      const tenth = ['--routing-config', 'AdditionalVersionWeights={2=0.1}'];
      const alias = await aws('lambda create-alias', ...live, '--function-version', '1', ...tenth);
      assert.deepEqual(alias.RoutingConfig, { AdditionalVersionWeights: { 2: 0.1 } });
      const none = ['--routing-config', 'AdditionalVersionWeights={}'];
      await aws('lambda update-alias', ...live, '--function-version', '2', ...none);
      assert.equal((await aws('lambda get-alias', ...live)).FunctionVersion, '2');
      const out = join(folder, 'out');
      const payload = ['--payload', '{"do":"variables"}', '--cli-binary-format', 'raw-in-base64-out'];
      const answer = await aws('lambda invoke', ...fn, '--qualifier', 'live', ...payload, out);
      assert.equal(answer.StatusCode, 200);
      if (runs) assert.equal(JSON.parse(await readFile(out, 'utf8')).CODE, '2');

      const { FunctionUrl } = await aws('lambda create-function-url-config', ...fn, '--auth-type', 'NONE');
      assert.match(FunctionUrl, /^https?:/);
      await aws('lambda put-function-concurrency', ...fn, '--reserved-concurrent-executions', '2');
      const found = await aws('lambda get-function', ...fn);
      assert.equal(found.Concurrency.ReservedConcurrentExecutions, 2);
      await aws('lambda delete-function-concurrency', ...fn);
      await aws('lambda delete-function-url-config', ...fn);
      await aws('lambda delete-alias', ...live);
      await aws('lambda delete-function', ...fn);
      await aws('lambda delete-layer-version', '--layer-name', 'by-hand', '--version-number', '1');
      const gone = await ask('lambda get-function', ...fn);
      assert.match(gone.stderr, /ResourceNotFoundException/);
      assert.deepEqual(
        (await aws('lambda list-layer-versions', '--layer-name', 'by-hand')).LayerVersions,
        [],
      );
    });

    test('read what deploy made, and plan sees what they changed', async () => {
      const name = 'mixed';
      const fn = ['--function-name', name];
      const desired = await parts(name, { code: '1', settings: { role: ROLE } });
      await deploy(desired);
      const { Configuration } = await aws('lambda get-function', ...fn);
      assert.equal(Configuration.CodeSha256, codeSha256(desired.code.sha256));
      const { LayerVersions } = await aws('lambda list-layer-versions', '--layer-name', `${name}-runtime`);
      assert.equal(LayerVersions[0].LayerVersionArn, Configuration.Layers[1].Arn);
      const runtime = await readLocalZip(join(folder, 'runtime-a.zip'));
      assert.ok(LayerVersions[0].Description.includes(runtime.sha256));

      const why = async () => {
        const { client } = tools(server.url);
        const plan = makePlan(desired, await readDeployed(client, desired));
        return plan.steps.filter(({ action }) => action !== 'keep').map(({ part, why }) => `${part}: ${why}`);
      };
      await aws('lambda update-function-configuration', ...fn, '--memory-size', '1024');
      await aws('lambda wait function-updated-v2', ...fn);
      const other = `fileb://${(await makeCodeZip(folder, '2')).path}`;
      await aws('lambda update-function-code', ...fn, '--zip-file', other);
      await aws('lambda wait function-updated-v2', ...fn);
      await aws('lambda delete-layer-version', '--layer-name', `${name}-runtime`, '--version-number', '1');
      assert.deepEqual(await why(), [
        'runtime: no version has this content',
        'function: differs in code, MemorySize, Layers',
      ]);
      assert.equal((await proxy.during(() => deploy(desired))).length, 3);
      assert.deepEqual(await why(), []);

      await aws('lambda delete-function', ...fn);
      assert.deepEqual(await steps(desired), ['keep interpreter', 'keep runtime', 'create function']);
      await deploy(desired);
      assert.deepEqual(await why(), []);
    });
  });
}
