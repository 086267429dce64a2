import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeFunctionZip } from '../../layers/build/function-zip.ts';
import type { HttpResult } from '../../worker/node/web/http-result.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { readZip, textOf } from '../unit/layers/read-zip.ts';
import { binaryPosts, functionUrlPost } from '../unit/worker/web/http-events.ts';

const EXAMPLES = join(import.meta.dirname, '../../function');
const NAMES = ['fetch-hello', 'hono-hello', 'express-hello', 'fastify-hello'];
/** Every byte there is, so that no text survives by chance. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

/** Builds an example as its user would, and starts it. */
async function useExample(t: TestContext, name: string): Promise<TestBootstrap> {
  const { signal } = new AbortController();
  const { path } = await makeFunctionZip(join(EXAMPLES, name), { out: useTmp(t), signal });
  const files = { 'function.bundle.js': textOf(await readZip(path), 'function.bundle.js') };
  return await useBootstrap(t, { files });
}

async function send({ api, stderr }: TestBootstrap, id: string, event: unknown): Promise<HttpResult> {
  const post = await api.send({ id, body: typeof event === 'string' ? event : JSON.stringify(event) });
  assert.match(post.path, /\/response$/, `${post.body}${stderr()}`);
  return JSON.parse(String(post.body));
}

for (const name of NAMES) {
  test(`example ${name} answers HTTP events through the bootstrap`, async (t) => {
    const bootstrap = await useExample(t, name);
    const sample = readFileSync(join(EXAMPLES, name, 'events/function-url.json'), 'utf8');

    const greeted = await send(bootstrap, 'greet', sample);
    assert.equal(greeted.statusCode, 200, greeted.body);
    assert.deepEqual(JSON.parse(greeted.body), { greeting: 'Hello, Ada' });
    assert.match(greeted.headers?.['content-type'] ?? '', /^application\/json/);
    assert.match(String(greeted.cookies), /^greeted=yes; /);

    const missing = await send(bootstrap, 'missing', functionUrlPost(undefined, {}, 'GET'));
    assert.equal(missing.statusCode, 404);

    for (const [index, event] of binaryPosts(BYTES).entries()) {
      const echoed = await send(bootstrap, `echo-${index}`, event);
      assert.equal(echoed.statusCode, 200, echoed.body);
      assert.equal(echoed.isBase64Encoded, true);
      assert.deepEqual(Buffer.from(echoed.body, 'base64'), BYTES);
    }
  });
}

test('example fetch-hello answers a direct call by its export "event"', async (t) => {
  const bootstrap = await useExample(t, 'fetch-hello');
  assert.deepEqual(await send(bootstrap, 'direct', { name: 'Bo' }), { greeting: 'Hello, Bo' });
});

test('function that never listens ends the start with the reason', async (t) => {
  const files = { 'function.bundle.js': "import { createServer } from 'node:http'; createServer();" };
  const { api, exited } = await useBootstrap(t, { files, variables: { PILOTLIGHT_KIND: 'http' } });
  const { body } = await api.initError();
  assert.partialDeepStrictEqual(JSON.parse(String(body)), { errorType: 'Runtime.ServerNotListening' });
  assert.equal(await exited, 1);
});

test('server in a worker that died is there again for the next request', async (t) => {
  const code = `import { createServer } from 'node:http';
    createServer((request, response) => {
      if (request.method === 'POST') process.exit(3);
      response.end(String(process.pid));
    }).listen(process.env.PORT);`;
  const bootstrap = await useBootstrap(t, { files: { 'function.bundle.js': code } });
  const get = functionUrlPost(undefined, {}, 'GET');
  const before = await send(bootstrap, 'before', get);
  const killed = await bootstrap.api.send({ id: 'killed', body: JSON.stringify(functionUrlPost('x')) });
  assert.equal(JSON.parse(String(killed.body)).errorType, 'Runtime.ExitError');
  const after = await send(bootstrap, 'after', get);
  assert.notEqual(after.body, before.body);
});
