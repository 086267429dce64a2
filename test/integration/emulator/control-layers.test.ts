import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { writeZip } from '../../../layers/build/zip.ts';
import { refusal, useControl } from '../../helpers/use-control.ts';

describe('layers of the local Lambda', () => {
  const shared = useControl();
  const layer = async (text: string) => {
    const path = join(shared.folder, `${text}.zip`);
    // In place of the function's own, which therefore must have none.
    const bootstrap = `#!/bin/sh\nLAYER=${text} exec "${process.execPath}" "$LAMBDA_TASK_ROOT/acts.mjs"\n`;
    await writeZip(path, [{ path: 'bootstrap', content: Buffer.from(bootstrap), executable: true }]);
    return await readFile(path);
  };
  const codeWithoutBootstrap = async () => {
    const path = join(shared.folder, 'acts.zip');
    const acts = new URL('../../fixtures/bootstraps/acts.mjs', import.meta.url);
    await writeZip(path, [{ path: 'acts.mjs', content: await readFile(acts), executable: false }]);
    return { ZipFile: await readFile(path) };
  };
  const publish = async (LayerName: string, text: string, rest: object = {}) =>
    shared.client.send(
      new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: await layer(text) }, ...rest }),
    );

  test('a function gets its files from the layers it names, and others when it names others', async () => {
    const FunctionName = 'layered';
    const one = await publish('base', 'one', {
      Description: 'first',
      CompatibleRuntimes: ['provided.al2023'],
    });
    assert.match(one.LayerVersionArn ?? '', /^arn:aws:lambda:us-east-1:123456789012:layer:base:1$/);
    assert.deepEqual([one.Version, one.Description], [1, 'first']);
    const { CodeSha256, CodeSize, Location } = one.Content ?? {};
    const zip = await layer('one');
    assert.deepEqual([CodeSha256, CodeSize], [createHash('sha256').update(zip).digest('base64'), zip.length]);
    assert.deepEqual(Buffer.from(await (await fetch(Location ?? '')).arrayBuffer()), zip);

    await shared.create(FunctionName, {
      Layers: [one.LayerVersionArn ?? ''],
      Code: await codeWithoutBootstrap(),
    });
    assert.equal((await shared.ask(FunctionName)).variables.LAYER, 'one');
    const two = await publish('base', 'two');
    const Layers = [two.LayerVersionArn ?? ''];
    await shared.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers }));
    await shared.updated(FunctionName);
    assert.equal((await shared.ask(FunctionName)).variables.LAYER, 'two');
    const { Configuration } = await shared.client.send(new GetFunctionCommand({ FunctionName }));
    assert.deepEqual(Configuration?.Layers, [{ Arn: two.LayerVersionArn, CodeSize: two.Content?.CodeSize }]);

    const both = await refusal(
      shared.client.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Layers: [...Layers, one.LayerVersionArn ?? ''],
        }),
      ),
    );
    assert.equal(both.name, 'InvalidParameterValueException');
  });

  test('layers are found by name, number and ARN, until they are deleted', async () => {
    await publish('found', 'one', { CompatibleArchitectures: ['arm64'] });
    const { LayerVersionArn: Arn = '' } = await publish('found', 'two');
    const get = (VersionNumber: number) =>
      shared.client.send(new GetLayerVersionCommand({ LayerName: 'found', VersionNumber }));
    assert.deepEqual((await get(1)).CompatibleArchitectures, ['arm64']);
    assert.equal((await shared.client.send(new GetLayerVersionByArnCommand({ Arn }))).Version, 2);
    const { Layers = [] } = await shared.client.send(new ListLayersCommand({}));
    const listed = Layers.find(({ LayerName }) => LayerName === 'found');
    assert.equal(listed?.LatestMatchingVersion?.Version, 2);
    const numbers = async (rest: object = {}) => {
      const command = new ListLayerVersionsCommand({ LayerName: 'found', ...rest });
      return (await shared.client.send(command)).LayerVersions?.map(({ Version }) => Version);
    };
    assert.deepEqual(await numbers(), [2, 1]);
    assert.deepEqual(await numbers({ CompatibleArchitecture: 'arm64' }), [1]);

    await shared.create('user', { Layers: [Arn], Code: await codeWithoutBootstrap() });
    await shared.client.send(new DeleteLayerVersionCommand({ LayerName: 'found', VersionNumber: 2 }));
    assert.deepEqual(await numbers(), [1]);
    assert.deepEqual((await refusal(get(2))).status, 404);
    assert.equal((await shared.ask('user')).variables.LAYER, 'two');
    assert.equal((await publish('found', 'three')).Version, 3);
  });
});
