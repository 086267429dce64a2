import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { execa } from 'execa';
import { layerDescription } from '../../../layers/deploy/layer-description.ts';
import { MACHINE_ARCH } from '../../../runtime/cli/function-settings.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { ROLE, useControl } from '../../helpers/use-control.ts';
import { writeFiles } from '../../helpers/write-files.ts';

describe('export commands', needs('aws'), () => {
  const shared = useControl();

  test('is a script that creates the function, and publishes no layer that is there', async (t) => {
    const shop = useExported(t, 'plain');
    const odd = `it's \${x} "q" \\ $HOME`;
    const about = {
      arch: MACHINE_ARCH,
      url: 'buffered',
      concurrency: 2,
      environment: { CODE: 'one', ODD: odd },
    };
    writeFiles(shop.folder, { 'shop/pilotlight.json': about });
    const { path, bytes } = await makeCodeZip(shared.folder, 'one');
    const interpreter = `interpreter-node-${MACHINE_ARCH}`;
    for (const zip of [interpreter, 'runtime', 'function-shop']) {
      copyFileSync(path, join(shop.folder, 'dist', `${zip}.zip`));
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const published = new PublishLayerVersionCommand({
      LayerName: 'pilotlight-runtime',
      Description: layerDescription({ part: 'runtime', sha256 }),
      Content: { ZipFile: bytes },
    });
    await shared.client.send(published);
    // Debian 12's command is older than the option; whole answers are what there is without it.
    const script = (await shop.export('commands')).replaceAll(' --invoke-mode BUFFERED', '');
    const target = `--endpoint-url ${shared.lambda.url} --region us-east-1 --no-sign-request`;
    const env = { PATH: '/usr/bin:/bin', TMPDIR: shop.folder, ROLE, AWS_OPTIONS: target };
    const options = { cwd: shop.folder, extendEnv: false, env } as const;
    const { stdout } = await execa('/bin/sh', ['-c', script], options);
    assert.equal(stdout, 'arn:aws:lambda:us-east-1:123456789012:function:shop');

    const FunctionName = 'shop';
    const found = await shared.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    assert.deepEqual(
      found.Layers?.map(({ Arn }) => Arn?.split(':').slice(-2).join(':')),
      [`pilotlight-${interpreter}:1`, 'pilotlight-runtime:1'],
    );
    const { Role, Handler, MemorySize, Timeout, Environment } = found;
    assert.deepEqual([Role, Handler, MemorySize, Timeout], [ROLE, 'function.handler', 256, 3]);
    assert.deepEqual(Environment?.Variables, about.environment);
    const url = await shared.client.send(new GetFunctionUrlConfigCommand({ FunctionName }));
    assert.equal(url.AuthType, 'AWS_IAM');
    const reserved = await shared.client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    assert.equal(reserved.ReservedConcurrentExecutions, 2);
  });
});
