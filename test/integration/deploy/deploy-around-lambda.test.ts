import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { GetLayerVersionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Desired } from '../../../layers/deploy/desired.ts';
import { codeSha256, readLocalZip } from '../../../layers/deploy/local-zip.ts';
import { removeFunction } from '../../../layers/deploy/remove.ts';
import { findEarlier, rollBack } from '../../../layers/deploy/rollback.ts';
import { MACHINE_ARCH } from '../../../runtime/cli/function-settings.ts';
import { needs } from '../../helpers/needs.ts';
import { useDeployer } from '../../helpers/use-deployer.ts';
import { useMoto } from '../../helpers/use-moto.ts';

const DEPLOY_ONCE = fileURLToPath(new URL('../../fixtures/deploy/deploy-once.ts', import.meta.url));
const LAYERS = '/2018-10-31/layers';
const FUNCTIONS = '/2015-03-31/functions';
const BUCKET = 'parts-of-pilotlight';
/** More than a request takes. */
const LARGE_BYTES = 53_000_000;

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

  test('a deployment that is killed after any write is finished by the next', async () => {
    const name = 'killed';
    const desired = await parts(name, { code: '1', settings: { url: 'stream', concurrency: 1 } });
    const seen: string[] = [];
    for (let killed = true; killed; ) {
      const child = spawn(process.execPath, [DEPLOY_ONCE, JSON.stringify(desired), proxy.url], { env: {} });
      const ended = once(child, 'exit');
      // What can be done again is: the run goes on until it does something new.
      const killAtNew = (write: string) => {
        if (seen.includes(write)) return;
        seen.push(write);
        child.kill('SIGKILL');
      };
      await proxy.during(() => ended, Array(10).fill(killAtNew));
      killed = child.signalCode === 'SIGKILL';
      if (!killed) assert.equal(child.exitCode, 0);
    }
    assert.deepEqual(seen, [
      `POST ${LAYERS}/${name}-interpreter/versions`,
      `POST ${LAYERS}/${name}-runtime/versions`,
      'CreateRole',
      'PutRolePolicy',
      `POST ${FUNCTIONS}`,
      `POST /2021-10-31/functions/${name}/url`,
      `PUT /2017-10-31/functions/${name}/concurrency`,
    ]);
    assert.ok((await steps(desired)).every((step) => step.startsWith('keep ')));
  });

  test('a rollback of code whose place cannot be reached says so, and changes nothing', async () => {
    const name = 'stuck';
    for (const code of ['1', '2']) await deploy(await parts(name, { code }));
    const tool = tools();
    const found = await findEarlier(tool.client, name);
    assert.equal(found.earlier.Version, '1');
    const writes = await proxy.during(() =>
      assert.rejects(rollBack(name, found, tool), {
        code: 'CANNOT',
        message: /^Cannot load the code of version 1 of "stuck"/,
      }),
    );
    assert.deepEqual(writes, []);
  });
});
