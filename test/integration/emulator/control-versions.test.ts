import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { createDraw } from '../../../runtime/emulator/faults/create-draw.ts';
import { refusal, useControl } from '../../helpers/use-control.ts';

describe('versions and aliases of the local Lambda', () => {
  const shared = useControl({ draw: createDraw(7) });
  const publish = (FunctionName: string, rest: object = {}) =>
    shared.client.send(new PublishVersionCommand({ FunctionName, ...rest }));
  /** Makes a function with the versions 1 and 2, whose code is `1` and `2`. */
  const createTwo = async (FunctionName: string) => {
    await shared.create(FunctionName);
    await publish(FunctionName);
    await shared.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await shared.zip('2') }));
    await shared.updated(FunctionName);
    await publish(FunctionName);
  };

  test('a published version serves its own code, whatever becomes of $LATEST', async () => {
    const FunctionName = 'versions';
    await shared.create(FunctionName, { Description: 'first' });
    const one = await publish(FunctionName, { Description: 'as it was' });
    assert.deepEqual([one.Version, one.Description, one.State], ['1', 'as it was', 'Active']);
    assert.equal((await publish(FunctionName)).Version, '1');
    for (const code of ['2', '3']) {
      await shared.client.send(
        new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await shared.zip(code) }),
      );
      await shared.updated(FunctionName);
    }
    const wrong = await refusal(publish(FunctionName, { CodeSha256: one.CodeSha256 }));
    assert.equal(wrong.name, 'InvalidParameterValueException');
    assert.equal((await publish(FunctionName)).Version, '2');
    const asked = [];
    for (const qualifier of [undefined, '$LATEST', '1', '2']) {
      const { code, executed, variables } = await shared.ask(FunctionName, qualifier);
      asked.push([code, executed, variables.AWS_LAMBDA_FUNCTION_VERSION]);
    }
    assert.deepEqual(asked, [
      ['3', '$LATEST', '$LATEST'],
      ['3', '$LATEST', '$LATEST'],
      ['1', '1', '1'],
      ['3', '2', '2'],
    ]);
    assert.ok(shared.lines.some((line) => /^START RequestId: \S+ Version: 1$/.test(line)));
    const { Versions = [] } = await shared.client.send(new ListVersionsByFunctionCommand({ FunctionName }));
    assert.deepEqual(
      Versions.map(({ Version, CodeSha256 }) => [Version, CodeSha256 === one.CodeSha256]),
      [
        ['$LATEST', false],
        ['1', true],
        ['2', false],
      ],
    );
  });

  test('an alias leads to its version, and is refused where there is none', async () => {
    const FunctionName = 'aliased';
    await createTwo(FunctionName);
    const alias = { FunctionName, Name: 'live' };
    const missing = await refusal(
      shared.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '9' })),
    );
    assert.deepEqual([missing.name, missing.status], ['ResourceNotFoundException', 404]);
    const made = await shared.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }));
    assert.match(made.AliasArn ?? '', /:function:aliased:live$/);
    const twice = await refusal(
      shared.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' })),
    );
    assert.deepEqual([twice.name, twice.status], ['ResourceConflictException', 409]);
    const { code, executed } = await shared.ask(FunctionName, 'live');
    assert.deepEqual([code, executed], ['1', '1']);
    const { FunctionArn, Version } = await shared.client.send(
      new GetFunctionConfigurationCommand({ FunctionName, Qualifier: 'live' }),
    );
    assert.match(FunctionArn ?? '', /:live$/);
    assert.equal(Version, '1');

    const stale = await refusal(
      shared.client.send(new UpdateAliasCommand({ ...alias, FunctionVersion: '2', RevisionId: 'other' })),
    );
    assert.deepEqual([stale.name, stale.status], ['PreconditionFailedException', 412]);
    const { RevisionId } = made;
    await shared.client.send(new UpdateAliasCommand({ ...alias, FunctionVersion: '2', RevisionId }));
    assert.equal((await shared.ask(`${FunctionName}:live`)).code, '2');

    const inUse = await refusal(
      shared.client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' })),
    );
    assert.equal(inUse.name, 'ResourceConflictException');
    const { Aliases = [] } = await shared.client.send(
      new ListAliasesCommand({ FunctionName, FunctionVersion: '2' }),
    );
    assert.deepEqual(
      Aliases.map(({ Name }) => Name),
      ['live'],
    );
    await shared.client.send(new DeleteAliasCommand(alias));
    const gone = await refusal(shared.client.send(new GetAliasCommand(alias)));
    assert.equal(gone.name, 'ResourceNotFoundException');
    await shared.client.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '2' }));
    assert.equal((await refusal(shared.ask(FunctionName, '2'))).status, 404);
  });

  test('an alias of two versions gives each its share', async () => {
    const FunctionName = 'weighted';
    await createTwo(FunctionName);
    const alias = { FunctionName, Name: 'live' };
    const weigh = (AdditionalVersionWeights: Record<string, number>) => ({ AdditionalVersionWeights });
    const latest = { ...alias, FunctionVersion: '$LATEST', RoutingConfig: weigh({ 1: 0.5 }) };
    assert.equal(
      (await refusal(shared.client.send(new CreateAliasCommand(latest)))).name,
      'InvalidParameterValueException',
    );
    await shared.client.send(
      new CreateAliasCommand({ ...alias, FunctionVersion: '1', RoutingConfig: weigh({ 2: 0.25 }) }),
    );
    let second = 0;
    for (let count = 0; count < 100; count += 1) {
      const { code, executed } = await shared.ask(FunctionName, 'live');
      assert.equal(code, executed);
      if (executed === '2') second += 1;
    }
    // Four standard deviations around 25.
    assert.ok(second > 7 && second < 43, String(second));
    await shared.client.send(new UpdateAliasCommand({ ...alias, RoutingConfig: {} }));
    const { RoutingConfig } = await shared.client.send(new GetAliasCommand(alias));
    assert.equal(RoutingConfig, undefined);
  });
});
