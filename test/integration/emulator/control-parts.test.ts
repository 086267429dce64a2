import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  GetFunctionCommand,
  GetLayerVersionByArnCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { writeZip } from '../../../layers/build/zip.ts';
import { useLayers, useLocalLambda } from '../../helpers/use-local-lambda.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

test('a function made of zips is one that clients find with its layers, and swap its code alone', async (t) => {
  const { interpreter, runtime } = await useLayers();
  const files = { 'function.bundle.js': 'export const handler = () => 1;' };
  const lambda = await useLocalLambda(t, { fn: { files, settings: { timeoutS: 20 } } });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint: lambda.url, region: 'us-east-1', credentials });
  t.after(() => client.destroy());
  const get = async () => await client.send(new GetFunctionCommand({ FunctionName: 'fn' }));
  assert.equal((await lambda.call('fn', {})).value, 1);

  const { Configuration, Code } = await get();
  const arnOf = (path: string) => `arn:aws:lambda:us-east-1:123456789012:layer:${basename(path, '.zip')}:1`;
  assert.deepEqual(
    Configuration?.Layers?.map(({ Arn }) => Arn),
    [interpreter, runtime].map(arnOf),
  );
  const { Content } = await client.send(new GetLayerVersionByArnCommand({ Arn: arnOf(runtime) }));
  const runtimeZip = await readFile(runtime);
  assert.equal(Content?.CodeSha256, createHash('sha256').update(runtimeZip).digest('base64'));
  const code = Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer());
  assert.equal(createHash('sha256').update(code).digest('base64'), Configuration?.CodeSha256);

  const zip = join(useTmp(t), 'next.zip');
  const content = Buffer.from('export const handler = () => 2;');
  await writeZip(zip, [{ path: 'function.bundle.js', content, executable: false }]);
  const ZipFile = await readFile(zip);
  await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'fn', ZipFile }));
  const waiter = { client, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.05 };
  await waitUntilFunctionUpdatedV2(waiter, { FunctionName: 'fn' });
  const second = await lambda.call('fn', {});
  // Its environment was there before it was called.
  assert.deepEqual([second.value, second.initMs], [2, undefined]);
  const after = await get();
  assert.deepEqual(after.Configuration?.Layers, Configuration?.Layers);
  assert.notEqual(after.Configuration?.CodeSha256, Configuration?.CodeSha256);
});
