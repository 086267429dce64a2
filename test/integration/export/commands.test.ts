import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { execa } from 'execa';
import { MACHINE_ARCH } from '../../../runtime/cli/function-settings.ts';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { ROLE, useControl } from '../../helpers/use-control.ts';
import { writeFiles } from '../../helpers/write-files.ts';

describe('export commands', needs('aws'), () => {
  const shared = useControl();

  test('is a script that creates the function, then changes what differs and publishes no layer twice', async (t) => {
    const shop = useExported(t, 'plain');
    const dist = join(shop.folder, 'dist');
    const setUp = async (code: string, settings: object) => {
      const about = {
        arch: MACHINE_ARCH,
        url: 'buffered',
        concurrency: 2,
        environment: { CODE: code },
        ...settings,
      };
      writeFiles(shop.folder, { 'shop/pilotlight.json': about });
      copyFileSync((await makeCodeZip(shared.folder, code)).path, join(dist, 'function-shop.zip'));
    };
    const { path: layer } = await makeCodeZip(shared.folder, 'layer');
    for (const zip of [`interpreter-node-${MACHINE_ARCH}.zip`, 'runtime.zip'])
      copyFileSync(layer, join(dist, zip));
    const run = async () => {
      // Debian 12's command is older than the option; whole answers are what there is without it.
      const script = (await shop.export('commands')).replaceAll(' --invoke-mode BUFFERED', '');
      const { stdout } = await execa('/bin/sh', ['-c', script], {
        cwd: shop.folder,
        extendEnv: false,
        env: {
          PATH: '/usr/bin:/bin',
          ROLE,
          AWS_OPTIONS: `--endpoint-url ${shared.lambda.url} --region us-east-1 --no-sign-request`,
        },
      });
      return stdout;
    };
    const look = async () => {
      const FunctionName = 'shop';
      const found = await shared.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const url = await shared.client.send(new GetFunctionUrlConfigCommand({ FunctionName }));
      const { ReservedConcurrentExecutions } = await shared.client.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      );
      return {
        arn: found.FunctionArn,
        role: found.Role,
        memory: found.MemorySize,
        timeout: found.Timeout,
        variables: found.Environment?.Variables,
        layers: found.Layers?.map(({ Arn }) => Arn?.split(':').slice(-2).join(':')),
        url: [url.AuthType, url.InvokeMode],
        ReservedConcurrentExecutions,
      };
    };
    const same = {
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:shop',
      role: ROLE,
      timeout: 3,
      layers: [`pilotlight-interpreter-node-${MACHINE_ARCH}:1`, 'pilotlight-runtime:1'],
    };
    await setUp('one', {});
    assert.equal(await run(), same.arn);
    assert.deepEqual(await look(), {
      ...same,
      memory: 256,
      variables: { CODE: 'one' },
      url: ['AWS_IAM', 'BUFFERED'],
      ReservedConcurrentExecutions: 2,
    });
    const odd = `it's \${x} "q" \\ $HOME`;
    await setUp('two', { memoryMiB: 512, concurrency: 3, environment: { ODD: odd } });
    assert.equal(await run(), same.arn);
    assert.deepEqual(await look(), {
      ...same,
      memory: 512,
      variables: { ODD: odd },
      url: ['AWS_IAM', 'BUFFERED'],
      ReservedConcurrentExecutions: 3,
    });
    assert.equal((await shared.ask('shop')).code, 'two');
  });
});
