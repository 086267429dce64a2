import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { refusal, useControl } from '../../helpers/use-control.ts';

describe('what the local Lambda keeps beside a function', () => {
  const shared = useControl();
  const codeAt = async (url: string | undefined) => {
    const headers = { 'x-act': '{"do":"variables"}' };
    return ((await (await fetch(url ?? '', { headers })).json()) as { CODE?: string }).CODE;
  };

  test('a function URL serves the function and its alias, each on a port of its own', async () => {
    const FunctionName = 'url';
    await shared.create(FunctionName);
    await shared.client.send(new PublishVersionCommand({ FunctionName }));
    await shared.client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    const open = (rest: object = {}) =>
      shared.client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', ...rest }));
    const { FunctionUrl, InvokeMode } = await open();
    assert.equal(InvokeMode, 'BUFFERED');
    assert.equal((await refusal(open())).name, 'ResourceConflictException');
    const live = await open({ Qualifier: 'live' });
    assert.match(live.FunctionArn ?? '', /:live$/);
    await shared.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await shared.zip('2') }));
    await shared.updated(FunctionName);
    assert.deepEqual([await codeAt(FunctionUrl), await codeAt(live.FunctionUrl)], ['2', '1']);

    const update = new UpdateFunctionUrlConfigCommand({ FunctionName, InvokeMode: 'RESPONSE_STREAM' });
    assert.equal((await shared.client.send(update)).InvokeMode, 'RESPONSE_STREAM');
    const { FunctionUrlConfigs = [] } = await shared.client.send(
      new ListFunctionUrlConfigsCommand({ FunctionName }),
    );
    assert.equal(FunctionUrlConfigs.length, 2);
    await shared.client.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
    await assert.rejects(fetch(FunctionUrl ?? ''));
    const gone = await refusal(shared.client.send(new GetFunctionUrlConfigCommand({ FunctionName })));
    assert.deepEqual([gone.name, gone.status], ['ResourceNotFoundException', 404]);
  });

  test('reserved concurrency limits how many invocations run at a time', async () => {
    const FunctionName = 'reserved';
    await shared.create(FunctionName);
    const put = (ReservedConcurrentExecutions: number) =>
      shared.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await put(1);
    const running = shared.lambda.invoke(FunctionName, '{"do":"sleep","ms":400}');
    const throttled = await refusal(shared.ask(FunctionName));
    assert.deepEqual([throttled.name, throttled.status], ['TooManyRequestsException', 429]);
    assert.equal((await running).failed, false);
    for (let count = 0; count < 5; count += 1) assert.equal((await shared.ask(FunctionName)).code, '1');
    await put(0);
    const response = await fetch(`${shared.lambda.url}/2015-03-31/functions/${FunctionName}/invocations`, {
      method: 'POST',
    });
    assert.ok(response.headers.get('retry-after') !== null);
    assert.partialDeepStrictEqual(await response.json(), {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
    });
    const { Concurrency } = await shared.client.send(new GetFunctionCommand({ FunctionName }));
    assert.equal(Concurrency?.ReservedConcurrentExecutions, 0);
    await shared.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    const { ReservedConcurrentExecutions } = await shared.client.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    assert.equal(ReservedConcurrentExecutions, undefined);
    assert.equal((await shared.ask(FunctionName)).code, '1');
  });

  test('permissions are told as a policy until they are removed', async () => {
    const FunctionName = 'permitted';
    await shared.create(FunctionName);
    const statement = { FunctionName, StatementId: 'open' };
    const add = () =>
      shared.client.send(
        new AddPermissionCommand({
          ...statement,
          Action: 'lambda:InvokeFunctionUrl',
          Principal: '*',
          FunctionUrlAuthType: 'NONE',
        }),
      );
    await add();
    assert.equal((await refusal(add())).name, 'ResourceConflictException');
    const get = () => shared.client.send(new GetPolicyCommand({ FunctionName }));
    assert.partialDeepStrictEqual(JSON.parse((await get()).Policy ?? '').Statement, [
      { Sid: 'open', Principal: '*', Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
    ]);
    await shared.client.send(new RemovePermissionCommand(statement));
    assert.equal((await refusal(get())).name, 'ResourceNotFoundException');
  });

  test('tags are set at the creation, added, replaced and removed', async () => {
    const { FunctionArn: Resource } = await shared.create('tagged', { Tags: { a: '1', b: '2' } });
    await shared.client.send(new TagResourceCommand({ Resource, Tags: { b: '3', c: '4', d: '5' } }));
    await shared.client.send(new UntagResourceCommand({ Resource, TagKeys: ['a', 'd', 'none'] }));
    const { Tags } = await shared.client.send(new ListTagsCommand({ Resource }));
    assert.deepEqual(Tags, { b: '3', c: '4' });
    const found = await shared.client.send(new GetFunctionCommand({ FunctionName: 'tagged' }));
    assert.deepEqual(found.Tags, Tags);
    const version = await refusal(shared.client.send(new ListTagsCommand({ Resource: `${Resource}:1` })));
    assert.equal(version.name, 'InvalidParameterValueException');
  });
});
