import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { LambdaClient, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { clientSettings } from '../../../../layers/deploy/clients.ts';
import { tellProgress } from '../../../../layers/deploy/tell-progress.ts';

test('tellProgress() tells each tenth of a large request, again when it is sent again', async (t) => {
  const digests: unknown[] = [];
  const server = createServer(async (request, response) => {
    digests.push(request.headers['x-amz-content-sha256']);
    if (digests.length === 1) return void request.once('data', () => request.socket.resetAndDestroy());
    digests.push(
      createHash('sha256')
        .update(await buffer(request))
        .digest('hex'),
    );
    response.setHeader('content-type', 'application/json').end('{"Version":1}');
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new LambdaClient(
    clientSettings({ endpoint, region: undefined, profile: undefined, shell: {} }),
  );
  t.after(() => client.destroy());
  const notes: string[] = [];
  tellProgress(client, (line) => void notes.push(line));
  const publish = async (bytes: number) => {
    const Content = { ZipFile: Buffer.alloc(bytes, 7) };
    return await client.send(new PublishLayerVersionCommand({ LayerName: 'some', Content }));
  };
  assert.equal((await publish(12_000_000)).Version, 1);
  assert.equal(digests[1], digests[2], 'what arrives is what was signed');
  const tenths = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `sent ${percent} %`);
  assert.deepEqual(notes.slice(-10), tenths);
  const before = notes.length;
  await publish(1000);
  assert.equal(notes.length, before);
});
