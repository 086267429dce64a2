import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { MAX_RESPONSE_BYTES } from '../../runtime/lambda-api/names.ts';
import { useBootstrap as start } from '../helpers/use-bootstrap.ts';

const TOO_LARGE = MAX_RESPONSE_BYTES + 1;
const FILES = {
  'function.bundle.js': `export const handler = (event) => {
    if (event.fails) throw new TypeError('mine');
    return event.length ? 'x'.repeat(event.length - 2) : process.pid; };`,
};

for (const http of ['native', 'undici']) {
  const useBootstrap = (t: TestContext, files = FILES, more = {}) =>
    start(t, { files, variables: { PILOTLIGHT_HTTP: http }, ...more });

  test(`the bootstrap posts a result over the limit once, and no error after its 413 (${http})`, async (t) => {
    const { api, stderr } = await useBootstrap(t);
    api.reactions.push({ status: 413 });
    const refused = await api.send({ id: 'large', body: JSON.stringify({ length: TOO_LARGE }) });
    assert.deepEqual([refused.path.split('/').at(-1), refused.body.length], ['response', TOO_LARGE]);
    await api.send({ id: 'next' });
    assert.deepEqual(
      api.posts.map(({ path }) => path.split('/').slice(-2)),
      [
        ['large', 'response'],
        ['next', 'response'],
      ],
    );
    assert.match(stderr(), /large\/response was refused with 413/);
  });

  test(`the bootstrap takes a 413 that comes before its result was read (${http})`, async (t) => {
    const lambda = await useHastyLambda(t);
    const { exited } = await useBootstrap(t, FILES, { authority: () => lambda.authority });
    assert.equal(await Promise.race([lambda.second, exited]), 'next');
  });

  for (const status of [400, 403, 410, 413]) {
    test(`the bootstrap goes on after an error was refused with ${status} (${http})`, async (t) => {
      const { api, stderr } = await useBootstrap(t);
      const { body: pid } = await api.send({ id: 'first' });
      api.reactions.push({ status });
      assert.match((await api.send({ id: 'refused', body: '{"fails":true}' })).path, /\/refused\/error$/);
      assert.deepEqual((await api.send({ id: 'next' })).body, pid);
      assert.equal(api.posts.length, 3);
      assert.match(stderr(), new RegExp(`refused/error was refused with ${status}`));
    });
  }

  test(`the bootstrap exits with 1 when an error is answered with 500, its worker with it (${http})`, async (t) => {
    const { api, exited, stdout, stderr } = await useBootstrap(t);
    api.reactions.push({ status: 500 });
    await api.send({ id: 'a', body: '{"fails":true}' });
    assert.equal(await exited, 1);
    // Closed when nobody has it open any more.
    assert.match(await stdout, /\ta\tERROR\tInvoke Error\t/);
    assert.match(stderr(), /PLATFORM_REFUSED .*a\/error: got 500/);
    assert.equal(api.posts.length, 1);
  });

  for (const status of [400, 403, 404, 410, 500]) {
    test(`the bootstrap exits with 1 when a poll is refused with ${status}, and says so (${http})`, async (t) => {
      const { api, exited, stderr } = await useBootstrap(t);
      await api.polled();
      api.pollReactions.push({ status });
      await api.send({ id: 'a' });
      assert.equal(await exited, 1);
      assert.match(
        stderr(),
        new RegExp(`PLATFORM_REFUSED Cannot get the next event: got ${status} .*Scripted`),
      );
      assert.equal(api.posts.length, 1);
    });
  }
}

for (const status of [403, 500]) {
  test(`the bootstrap exits with 1 when its init error is refused with ${status}`, async (t) => {
    const broken = { 'function.bundle.js': "throw new Error('mine'); export const handler = 1;" };
    const { api, exited } = await start(t, { files: broken });
    api.reactions.push({ status });
    await api.initError();
    assert.equal(await exited, 1);
    assert.equal(api.posts.length, 1);
  });
}

/** A Runtime API that answers a large result 413 as soon as it begins, and closes; `second` is the event after it. */
async function useHastyLambda(t: TestContext) {
  const events = [
    { id: 'large', body: JSON.stringify({ length: TOO_LARGE }) },
    { id: 'next', body: '{}' },
  ];
  const second = Promise.withResolvers<string>();
  const deliver = (response: ServerResponse) => {
    const event = events.shift();
    if (event === undefined) return;
    response.writeHead(200, {
      'Lambda-Runtime-Aws-Request-Id': event.id,
      'content-length': event.body.length,
    });
    response.end(event.body);
  };
  const server = createServer((request, response) => {
    const id = request.url?.split('/').at(-2);
    if (request.method === 'GET') deliver(response);
    else if (id === 'large')
      response.writeHead(413, { connection: 'close' }).end('{"errorType":"RequestEntityTooLarge"}');
    else second.resolve(`${id}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { authority: `127.0.0.1:${(server.address() as AddressInfo).port}`, second: second.promise };
}
