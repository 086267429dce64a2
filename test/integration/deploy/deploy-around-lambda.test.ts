import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { GetLayerVersionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readAlias } from '../../../layers/deploy/alias.ts';
import type { Desired } from '../../../layers/deploy/desired.ts';
import { codeSha256, readLocalZip } from '../../../layers/deploy/local-zip.ts';
import { removeFunction } from '../../../layers/deploy/remove.ts';
import { MACHINE_ARCH } from '../../../runtime/cli/function-settings.ts';
import { needs } from '../../helpers/needs.ts';
import { startCommand } from '../../helpers/run-command.ts';
import { useDeployer } from '../../helpers/use-deployer.ts';
import { useMoto } from '../../helpers/use-moto.ts';

const DEPLOY_ONCE = fileURLToPath(new URL('../../fixtures/deploy/deploy-once.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../../runtime/cli.ts', import.meta.url));
const LAYERS = '/2018-10-31/layers';
const FUNCTIONS = '/2015-03-31/functions';
const BUCKET = 'parts-of-pilotlight';
/** More than a request takes. */
const LARGE_BYTES = 53_000_000;
/** From when on figures are told: a deployment looks at the minute that runs, and a minute ahead. */
const SOON_MS = 30_000;
/** Of a deployment's writes. */
const MANY = 20;

describe('a deployment where roles and buckets are', needs('moto'), () => {
  const server = useMoto();
  const { folder, proxy, tools, parts, deploy, steps, configuration } = useDeployer(() => server.url, BUCKET);

  async function withIam<T>(work: (iam: IAMClient) => Promise<T>): Promise<T> {
    const iam = new IAMClient(tools(server.url).settings);
    try {
      return await work(iam);
    } finally {
      iam.destroy();
    }
  }

  const roles = () =>
    withIam(async (iam) => {
      const { Roles = [] } = await iam.send(new ListRolesCommand({}));
      return Roles.map(({ RoleName }) => RoleName);
    });

  before(async () => {
    const s3 = new S3Client({ ...tools(server.url).settings, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    s3.destroy();
  });

  test('a role is made that may write its own log and nothing else, and goes with the function', async () => {
    const name = 'lone';
    await deploy(await parts(name, { code: '1' }));
    const RoleName = `pilotlight-${name}`;
    const { Role, policy } = await withIam(async (iam) => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const { PolicyDocument = '' } = await iam.send(
        new GetRolePolicyCommand({ RoleName, PolicyName: 'own-log' }),
      );
      return { Role, policy: JSON.parse(decodeURIComponent(PolicyDocument)) };
    });
    assert.equal((await configuration(name)).Role, Role?.Arn);
    const trust = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
    assert.deepEqual(trust.Statement, [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    assert.deepEqual(policy.Statement, [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:*:logs:*:*:log-group:/aws/lambda/${name}:*`,
      },
    ]);
    assert.deepEqual(await removeFunction(name, tools()), ['function', 'role']);
    assert.ok(!(await roles()).includes(RoleName));
  });

  test("somebody else's role is not touched", async () => {
    const theirs = { RoleName: 'theirs', AssumeRolePolicyDocument: '{}' };
    const { Role } = await withIam((iam) => iam.send(new CreateRoleCommand(theirs)));
    const before = await roles();
    const role = Role?.Arn;
    const desired = await parts('guest', { code: '1', settings: { role } });
    const writes = await proxy.during(() => deploy(desired));
    assert.deepEqual(writes.slice(-1), [`POST ${FUNCTIONS}`]);
    assert.ok(!writes.includes('CreateRole'));
    assert.deepEqual(await removeFunction('guest', tools()), ['function']);
    assert.deepEqual(await roles(), before);
  });

  test('a zip that is too large for a request goes through the bucket, once', async () => {
    const name = 'large';
    const path = join(folder, 'large.zip');
    await writeFile(path, Buffer.alloc(LARGE_BYTES, 'large'));
    const zip = await readLocalZip(path);
    const desired = await parts(name, { code: '1' });
    const layer = { ...zip, part: 'layer', name: `${name}-extra`, arch: MACHINE_ARCH } as const;
    const wanted: Desired = { ...desired, layers: [...desired.layers, layer] };
    const upload = `PUT /${BUCKET}/pilotlight/${zip.sha256}/large.zip`;
    const writes = await proxy.during(() => deploy(wanted), [undefined, undefined, 'reset']);
    assert.deepEqual(writes.slice(2, 5), [upload, upload, `POST ${LAYERS}/${layer.name}/versions`]);
    const command = new GetLayerVersionCommand({ LayerName: layer.name, VersionNumber: 1 });
    const { Content } = await tools(server.url).client.send(command);
    assert.equal(Content?.CodeSha256, codeSha256(zip.sha256));
    assert.deepEqual((await configuration(name)).Layers?.length, 3);
    // Another layer with the same zip finds it there.
    const other = { ...wanted, layers: [...desired.layers, { ...layer, name: `${name}-other` }] };
    assert.deepEqual((await proxy.during(() => deploy(other)))[0], `POST ${LAYERS}/${name}-other/versions`);
  });

  test('writes to any service that go wrong are sent again', async () => {
    const name = 'unlucky';
    const desired = await parts(name, { code: '1', settings: { url: 'buffered', concurrency: 1 } });
    const good = await proxy.during(() => deploy(desired));
    assert.deepEqual(await removeFunction(name, tools()), ['function', 'role']);
    const changed = await parts(name, {
      code: '1',
      runtime: 'u',
      settings: { url: 'buffered', concurrency: 1 },
    });
    // Each write of the first run meets one, and is carried out the second time.
    const kinds = ['throttle', 'error', 'reset', 'lost'] as const;
    const faults = good.slice(1).flatMap((_, index) => [kinds[index % kinds.length], undefined]);
    const writes = await proxy.during(() => deploy(changed), faults);
    assert.deepEqual([...new Set(writes)], good.slice(1));
    assert.ok((await steps(changed)).every((step) => step.startsWith('keep ')));
  });

  /**
   * Starts a process again and again, and kills it after each write that none before it did, until one gets through.
   * What can be done again is, so a run goes on until it does something new.
   */
  async function killAfterEachWrite(...command: string[]): Promise<string[]> {
    const seen: string[] = [];
    for (let killed = true; killed; ) {
      const child = spawn(process.execPath, command, { env: {}, stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = once(child, 'exit');
      const killAtNew = (write: string) => {
        if (seen.includes(write)) return;
        seen.push(write);
        child.kill('SIGKILL');
      };
      await proxy.during(() => ended, Array(MANY).fill(killAtNew));
      killed = child.signalCode === 'SIGKILL';
      if (!killed) assert.equal(child.exitCode, 0);
    }
    return seen;
  }

  test('a deployment that is killed after any write is finished by the next, and so is a delete', async () => {
    const name = 'killed';
    const desired = await parts(name, { code: '1', settings: { url: 'stream', concurrency: 1 } });
    assert.deepEqual(await killAfterEachWrite(DEPLOY_ONCE, JSON.stringify(desired), proxy.url), [
      `POST ${LAYERS}/${name}-interpreter/versions`,
      `POST ${LAYERS}/${name}-runtime/versions`,
      'CreateRole',
      'PutRolePolicy',
      `POST ${FUNCTIONS}`,
      `POST /2021-10-31/functions/${name}/url`,
      `PUT /2017-10-31/functions/${name}/concurrency`,
    ]);
    assert.ok((await steps(desired)).every((step) => step.startsWith('keep ')));
    assert.deepEqual(await killAfterEachWrite(CLI, 'delete', name, '--yes', '--endpoint-url', proxy.url), [
      `DELETE ${FUNCTIONS}/${name}`,
      'DeleteRolePolicy',
      'DeleteRole',
    ]);
    assert.ok(!(await roles()).includes(`pilotlight-${name}`));
  });

  test('an alias goes back when the figures of CloudWatch say that the new version fails', async () => {
    const name = 'failing';
    const settings = { alias: 'live' };
    await deploy(await parts(name, { code: '1', settings }));
    const Dimensions = [
      { Name: 'FunctionName', Value: name },
      { Name: 'Resource', Value: `${name}:live` },
      { Name: 'ExecutedVersion', Value: '2' },
    ];
    const cloudWatch = new CloudWatchClient(tools(server.url).settings);
    const Timestamp = new Date(Date.now() + SOON_MS);
    const figure = (MetricName: string, Value: number) => ({ MetricName, Value, Dimensions, Timestamp });
    const MetricData = [figure('Invocations', 100), figure('Errors', 5)];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }));
    cloudWatch.destroy();
    const shift = { percents: [10], everyMs: 10, maxErrorPercent: 4 };
    const next = { ...(await parts(name, { code: '2', settings })), shift };
    await assert.rejects(deploy(next), { code: 'FOUND', message: /5 of its 100 invocations failed/ });
    const route = await readAlias(tools(server.url).client, { functionName: name, alias: 'live' });
    assert.deepEqual(route, { version: '1', weights: {} });
  });

  test('a rollback of code whose place cannot be reached says so, and changes nothing', async (t) => {
    const name = 'stuck';
    for (const code of ['1', '2']) await deploy(await parts(name, { code }));
    // Moto names a place on AWS, which is out of reach everywhere through a proxy that is not there.
    const command = [process.execPath, CLI, 'rollback', name, '--endpoint-url', proxy.url] as const;
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:9' };
    const rollback = startCommand(t, command, { cwd: folder, env });
    assert.deepEqual(await proxy.during(() => rollback.result), []);
    const { code, stderr } = await rollback.result;
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^CANNOT {2}Cannot load the code of version 1 of "stuck" from "https:\S+": it cannot be/m,
    );
    assert.match(stderr, /^ {2}next {2}deploy the wanted version from its sources/m);
  });
});
