import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CreateAliasCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { layerDescription } from '../../../layers/deploy/layer-description.ts';
import { listVersions } from '../../../layers/deploy/versions.ts';
import { prune } from '../../../layers/prune/cli.ts';
import { planPrune } from '../../../layers/prune/plan-prune.ts';
import { useControl } from '../../helpers/use-control.ts';
import { runVerb } from '../../unit/emulator/use-verb.ts';

describe('a pruning of the local Lambda', () => {
  const shared = useControl();

  async function publishLayer(word: string, Description: string, LayerName = 'pilotlight-runtime') {
    const Content = { ZipFile: await shared.zip(word) };
    const command = new PublishLayerVersionCommand({ LayerName, Content, Description });
    return String((await shared.client.send(command)).LayerVersionArn);
  }

  test('what an alias, a function or a version that stays needs is left, and the rest is deleted', async () => {
    const own = (digit: string) => layerDescription({ part: 'runtime', sha256: digit.repeat(64) });
    const FunctionName = 'pruned';
    const first = await publishLayer('a', own('a'));
    await shared.create(FunctionName, { Layers: [first], Publish: true });
    for (const word of ['b', 'c', 'd']) {
      const Layers = [await publishLayer(word, own(word))];
      await shared.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers }));
      await shared.updated(FunctionName);
      await shared.client.send(new PublishVersionCommand({ FunctionName }));
    }
    await publishLayer('e', own('e'));
    await publishLayer('f', "somebody's", 'other');
    await publishLayer('g', "somebody's", 'other');
    await shared.client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    const plan = async (functions: string[]) =>
      (await planPrune(shared.client, { functions, keep: 1 })).map(
        ({ action, part, version, why }) => `${action} ${part} ${version}: ${why}`,
      );
    const nothing = 'nothing points at it';
    // Without its name the versions of a function stay, and so do their layers.
    const layers = ['5: one of the newest', ...[4, 3, 2, 1].map((n) => `${n}: pruned:${n} has it`)];
    assert.deepEqual(
      await plan([]),
      layers.map((layer) => `keep layer ${layer}`),
    );
    const planned = [
      ...[
        'keep version 4: one of the newest',
        `delete version 3: ${nothing}`,
        `delete version 2: ${nothing}`,
      ],
      ...['keep version 1: the alias "live" leads to it', 'keep layer 5: one of the newest'],
      ...['keep layer 4: pruned:4 has it', `delete layer 3: ${nothing}`, `delete layer 2: ${nothing}`],
      'keep layer 1: pruned:1 has it',
    ];
    assert.deepEqual(await plan([FunctionName]), planned);

    const target = ['--endpoint-url', shared.lambda.url, '--keep', '1'];
    const unasked = runVerb(prune, FunctionName, ...target);
    await assert.rejects(unasked.exitCode, { code: 'USAGE', message: /Delete 4 versions\? Expected --yes/ });
    const done = runVerb(prune, FunctionName, ...target, '--yes');
    assert.deepEqual([await done.exitCode, done.stdout()], [0, 'deleted 4 of 9 versions\n']);
    const { published } = await listVersions(shared.client, FunctionName);
    assert.deepEqual(
      published.map(({ Version }) => Version),
      ['1', '4'],
    );
    assert.deepEqual(
      await plan([FunctionName]),
      planned.filter((line) => line.startsWith('keep')),
    );
    assert.equal((await shared.ask(FunctionName, 'live')).executed, '1');
  });
});
