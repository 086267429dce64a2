import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLambdaApi } from '../../../../runtime/lambda-api/client.ts';
import { VERSION } from '../../../../runtime/lambda-api/release.ts';
import { createLog } from '../../../../runtime/log.ts';
import { createNativeClient } from '../../../../runtime/transport/native-client.ts';

test('VERSION is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'));
  assert.equal(VERSION, version);
});

test('next() tells which runtime polls, within the 128 characters that Lambda keeps', async (t) => {
  const polled = Promise.withResolvers<Record<string, unknown>>();
  const server = createServer((request, response) => {
    polled.resolve(request.headers);
    response.writeHead(500).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const lambda = createLambdaApi({
    createClient: createNativeClient,
    authority: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 1,
    pipeline: false,
    stopping: new AbortController().signal,
    log: createLog('error'),
  });
  await new Promise<unknown>((resolve) => lambda.next(resolve, resolve));
  lambda.close();
  const { 'user-agent': agent, 'lambda-runtime-features': features } = await polled.promise;
  assert.equal(agent, `aws-lambda-pilotlight/${VERSION}`);
  assert.match(String(features), /^[a-z-]+( [a-z-]+)*$/);
  assert.ok(`${agent} (${features})`.length <= 128);
});
