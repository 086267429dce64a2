import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { makeCodeZip } from '../../helpers/code-zip.ts';
import { ROLE, refusal, useControl } from '../../helpers/use-control.ts';

describe('functions of the local Lambda', () => {
  const shared = useControl();
  const create = (FunctionName: string, rest: object = {}) => shared.create(FunctionName, rest);

  test('CreateFunction makes a function that is pending, then active, then can be invoked', async () => {
    const zip = await shared.zip('1');
    const created = await create('made', {
      Description: 'one',
      MemorySize: 256,
      Environment: { Variables: { A: 'b' } },
    });
    assert.deepEqual([created.State, created.StateReasonCode], ['Pending', 'Creating']);
    const { Configuration, Code } = await shared.client.send(
      new GetFunctionCommand({ FunctionName: 'made' }),
    );
    assert.partialDeepStrictEqual(Configuration, {
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:made',
      Runtime: 'provided.al2023',
      Role: ROLE,
      Handler: 'ok',
      Description: 'one',
      Timeout: 20,
      MemorySize: 256,
      Version: '$LATEST',
      State: 'Active',
      LastUpdateStatus: 'Successful',
      CodeSize: zip.length,
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      Environment: { Variables: { A: 'b' } },
    });
    const fetched = await fetch(Code?.Location ?? '');
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), zip);
    const { code, executed, variables } = await shared.ask('made');
    assert.deepEqual([code, executed, variables.A], ['1', '$LATEST', 'b']);
  });

  test('CreateFunction refuses a name that is taken', async () => {
    await create('twice');
    const { name, status, message } = await refusal(create('twice'));
    assert.deepEqual(
      [name, status, message],
      ['ResourceConflictException', 409, 'Function already exist: twice'],
    );
  });

  for (const [what, input, name, pattern] of [
    ['another runtime', { Runtime: 'nodejs24.x' }, 'InvalidParameterValueException', /nodejs24\.x/],
    [
      'another architecture',
      { Architectures: ['arm64', 'x86_64'] },
      'InvalidParameterValueException',
      /arm64/,
    ],
    ['code in S3', { Code: { S3Bucket: 'a', S3Key: 'b' } }, 'InvalidParameterValueException', /no S3/],
    ['a container image', { Code: { ImageUri: 'a' } }, 'InvalidParameterValueException', /images/],
    ['no code', { Code: {} }, 'InvalidParameterValueException', /provide a source/],
    [
      'code that is no zip',
      { Code: { ZipFile: Buffer.from('x') } },
      'InvalidParameterValueException',
      /unzip/,
    ],
    ['a timeout over 15 minutes', { Timeout: 901 }, 'ValidationException', /at 'Timeout'/],
    ['less than 128 MB', { MemorySize: 64 }, 'ValidationException', /at 'MemorySize'/],
    ['a role that is none', { Role: 'me' }, 'ValidationException', /at 'Role'/],
    [
      'over 4 KB of variables',
      { Environment: { Variables: { A: 'x'.repeat(4096) } } },
      'InvalidParameterValueException',
      /4KB/,
    ],
    [
      'a variable that is reserved',
      { Environment: { Variables: { AWS_REGION: 'a' } } },
      'InvalidParameterValueException',
      /AWS_REGION$/,
    ],
    [
      'a layer that is not there',
      { Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:none:1'] },
      'InvalidParameterValueException',
      /does not exist/,
    ],
    ['six layers', { Layers: Array(6).fill('a') }, 'InvalidParameterValueException', /more than 5 layers/],
  ] as const) {
    test(`CreateFunction refuses ${what}`, async () => {
      const refused = await refusal(create('refused', input as object));
      assert.deepEqual([refused.name, refused.status], [name, 400]);
      assert.match(refused.message, pattern);
      const { Functions = [] } = await shared.client.send(new ListFunctionsCommand({}));
      assert.ok(Functions.every(({ FunctionName }) => FunctionName !== 'refused'));
    });
  }

  test('CreateFunction refuses what is too large, packed or unpacked', async () => {
    const body = JSON.stringify({ FunctionName: 'big', Code: { ZipFile: 'A'.repeat(69_905_067) } });
    const response = await fetch(`${shared.lambda.url}/2015-03-31/functions`, { method: 'POST', body });
    assert.deepEqual(
      [response.status, response.headers.get('x-amzn-errortype')],
      [413, 'RequestEntityTooLargeException'],
    );
    const { bytes } = await makeCodeZip(shared.folder, 'large');
    // What the directory of a zip says of its first entry's size is believed until the unpacking.
    bytes.writeUInt32LE(262_144_000, bytes.indexOf('PK\x01\x02') + 24);
    const refused = await refusal(create('big', { Code: { ZipFile: bytes } }));
    assert.deepEqual(
      [refused.name, refused.message],
      ['InvalidParameterValueException', 'Unzipped size must be smaller than 262144000 bytes'],
    );
  });

  test('UpdateFunctionCode is under way first, and done when the new code serves', async () => {
    const { RevisionId } = await create('code');
    assert.equal((await shared.ask('code')).code, '1');
    const ZipFile = await shared.zip('2');
    const send = (rest: object) =>
      shared.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'code', ZipFile, ...rest }));
    const stale = await refusal(send({ RevisionId: 'another' }));
    assert.deepEqual([stale.name, stale.status], ['PreconditionFailedException', 412]);
    const dry = await send({ DryRun: true });
    assert.equal(dry.CodeSize, ZipFile.length);
    const { Configuration } = await shared.client.send(new GetFunctionCommand({ FunctionName: 'code' }));
    assert.notEqual(Configuration?.CodeSha256, dry.CodeSha256);
    assert.equal((await shared.ask('code')).code, '1');

    const updated = await send({ RevisionId: Configuration?.RevisionId });
    assert.deepEqual([updated.State, updated.LastUpdateStatus], ['Active', 'InProgress']);
    const second = await refusal(send({}));
    assert.deepEqual([second.name, second.status], ['ResourceConflictException', 409]);
    assert.match(second.message, /An update is in progress for resource: arn:.*:function:code$/);
    await shared.updated('code');
    assert.equal((await shared.ask('code')).code, '2');
    assert.notEqual(updated.RevisionId, RevisionId);
  });

  test('UpdateFunctionCode with Publish answers with the version', async () => {
    await create('published');
    const ZipFile = await shared.zip('2');
    const { Version, State, FunctionArn } = await shared.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'published', ZipFile, Publish: true }),
    );
    assert.deepEqual([Version, State], ['1', 'Active']);
    assert.match(FunctionArn ?? '', /:function:published:1$/);
    assert.deepEqual((await shared.ask('published', '1')).executed, '1');
  });

  for (const [what, bootstrap, code, reason] of [
    [
      'exits',
      '#!/bin/sh\nexit 7\n',
      'FunctionError.RuntimeInitError',
      /^Runtime\.ExitError: .*exit status 7$/,
    ],
    ['cannot be executed', 'nothing', 'FunctionError.InvalidEntryPoint', /^Runtime\.InvalidEntrypoint: /],
  ] as const) {
    test(`UpdateFunctionCode is refused when the new code ${what}, and the old code serves on`, async () => {
      const FunctionName = what.replaceAll(' ', '-');
      await create(FunctionName);
      const before = await shared.ask(FunctionName);
      const broken = [{ path: 'bootstrap', content: Buffer.from(bootstrap), executable: true }];
      const { bytes } = await makeCodeZip(shared.folder, 'broken', broken);
      await shared.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: bytes }));
      await assert.rejects(shared.updated(FunctionName), /FAILURE/);
      const failed = await shared.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      assert.deepEqual(
        [failed.State, failed.LastUpdateStatus, failed.LastUpdateStatusReasonCode],
        ['Active', 'Failed', code],
      );
      assert.match(failed.LastUpdateStatusReason ?? '', reason);
      const sha256 = createHash('sha256')
        .update(await shared.zip('1'))
        .digest('base64');
      assert.equal(failed.CodeSha256, sha256);
      const after = await shared.ask(FunctionName);
      assert.deepEqual(
        [after.code, after.variables.AWS_LAMBDA_LOG_STREAM_NAME],
        ['1', before.variables.AWS_LAMBDA_LOG_STREAM_NAME],
      );
      await shared.client.send(
        new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await shared.zip('2') }),
      );
      await shared.updated(FunctionName);
      assert.equal((await shared.ask(FunctionName)).code, '2');
    });
  }

  test('UpdateFunctionConfiguration changes what was said and nothing else, or is refused with the reason', async () => {
    const FunctionName = 'configured';
    await create(FunctionName, { Environment: { Variables: { A: '1' } } });
    const update = (rest: object) =>
      shared.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...rest }));
    await update({ Environment: { Variables: { A: '2' } }, MemorySize: 192 });
    await shared.updated(FunctionName);
    const { variables } = await shared.ask(FunctionName);
    assert.deepEqual([variables.A, variables.AWS_LAMBDA_FUNCTION_MEMORY_SIZE], ['2', '192']);
    await update({ Handler: 'error' });
    await assert.rejects(shared.updated(FunctionName), /FAILURE/);
    const failed = await shared.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    assert.deepEqual(
      [failed.Handler, failed.Timeout, failed.LastUpdateStatusReason],
      ['ok', 20, 'Function.NoLuck: cannot begin'],
    );
  });

  test('DeleteFunction ends a function, and what runs comes to its end', async () => {
    await create('gone');
    const running = shared.lambda.invoke('gone', '{"do":"sleep","ms":300}');
    await shared.client.send(new DeleteFunctionCommand({ FunctionName: 'gone' }));
    assert.equal((await running).failed, false);
    const refused = await refusal(shared.client.send(new GetFunctionCommand({ FunctionName: 'gone' })));
    assert.deepEqual([refused.name, refused.status], ['ResourceNotFoundException', 404]);
    await create('gone');
  });

  test('ListFunctions gives pages', async () => {
    await create('listed');
    const { Functions = [], NextMarker } = await shared.client.send(
      new ListFunctionsCommand({ MaxItems: 1 }),
    );
    assert.equal(Functions.length, 1);
    const rest = await shared.client.send(new ListFunctionsCommand({ Marker: NextMarker }));
    const names = [...Functions, ...(rest.Functions ?? [])].map(({ FunctionName }) => FunctionName);
    assert.ok(names.includes('listed') && new Set(names).size === names.length);
    assert.equal(rest.NextMarker, undefined);
  });
});
