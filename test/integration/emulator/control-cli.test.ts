import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { AWS_CLI } from '../../helpers/clients.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { needs } from '../../helpers/needs.ts';
import { ROLE, useControl } from '../../helpers/use-control.ts';

const clean = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

describe('the AWS CLI at the control operations of the local Lambda', needs('aws'), () => {
  const shared = useControl();
  const aws = async (operation: string, ...rest: string[]) => {
    const target = ['--endpoint-url', shared.lambda.url, '--region', 'us-east-1', '--no-sign-request'];
    const args = ['lambda', ...operation.split(' '), ...target, '--output', 'json', ...rest];
    const { stdout } = await execa(AWS_CLI, args, clean);
    return stdout === '' ? undefined : JSON.parse(stdout);
  };

  test('a function is created, updated, published, invoked and deleted', async () => {
    const fn = ['--function-name', 'cli'];
    const { path: one } = await makeCodeZip(shared.folder, 'one');
    const { path: two } = await makeCodeZip(shared.folder, 'two');
    const layer = await aws('publish-layer-version', '--layer-name', 'some', '--zip-file', `fileb://${one}`);
    const created = await aws(
      'create-function',
      ...[...fn, '--runtime', 'provided.al2023', '--role', ROLE, '--handler', 'ok', '--timeout', '20'],
      ...['--zip-file', `fileb://${one}`, '--layers', layer.LayerVersionArn],
    );
    assert.deepEqual(created.Layers, [{ Arn: layer.LayerVersionArn, CodeSize: layer.Content.CodeSize }]);
    await aws('wait function-active-v2', ...fn);
    assert.equal((await aws('publish-version', ...fn)).Version, '1');
    await aws('update-function-code', ...fn, '--zip-file', `fileb://${two}`);
    await aws('wait function-updated-v2', ...fn);
    const out = join(shared.folder, 'out');
    const payload = ['--payload', '{"do":"variables"}', '--cli-binary-format', 'raw-in-base64-out'];
    const { ExecutedVersion } = await aws('invoke', ...fn, '--qualifier', '1', ...payload, out);
    assert.deepEqual([ExecutedVersion, JSON.parse(await readFile(out, 'utf8')).CODE], ['1', 'one']);
    assert.equal((await shared.ask('cli')).code, 'two');
    await aws('delete-function', ...fn);
  });
});
