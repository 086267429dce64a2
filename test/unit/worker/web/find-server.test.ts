import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { HostError } from '../../../../worker/node/errors.ts';
import { findServer } from '../../../../worker/node/http-server/find-server.ts';
import { freePort } from '../../../../worker/node/http-server/free-port.ts';
import { watchServers } from '../../../../worker/node/http-server/server-watch.ts';

const explain = (reason: string) => new HostError('Test', reason);

test('findServer() gives up after the limit and says what listens elsewhere', async (t) => {
  const watch = watchServers({}, '/nowhere');
  t.after(() => watch.cancel());
  const server = createServer().listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  await assert.rejects(findServer(watch, 5, explain), {
    message: /one does on port \d+\) after 0\.005 s$/,
  });
});

test('findServer() leaves no listener behind', async (t) => {
  const before = process.listenerCount('beforeExit');
  const variables: NodeJS.ProcessEnv = {};
  const watch = watchServers(variables, '/nowhere');
  const server = createServer().listen(Number(variables.PORT), '127.0.0.1');
  t.after(() => server.close());
  assert.deepEqual(await findServer(watch, 60_000, explain), { host: '127.0.0.1', port: watch.port });
  assert.equal(process.listenerCount('beforeExit'), before);
});

test('watchServers() keeps a PORT that the function has set, whatever it says', () => {
  for (const PORT of ['3000', '/run/app.sock']) {
    const variables: NodeJS.ProcessEnv = { PORT };
    const watch = watchServers(variables, '/nowhere');
    assert.equal(variables.PORT, PORT);
    watch.cancel();
    assert.deepEqual(variables, { PORT });
  }
});

test('freePort() passes over a port on which something listens', async (t) => {
  const server = createServer().listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const spare = createServer().listen(0);
  await once(spare, 'listening');
  const { port: free } = spare.address() as AddressInfo;
  await new Promise((resolve) => spare.close(resolve));

  const ports = [taken, taken, free];
  assert.equal(
    freePort(() => ports.shift() ?? 0),
    free,
  );
  assert.equal(
    freePort(() => taken),
    taken,
  );
});
