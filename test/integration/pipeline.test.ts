import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };
const POLL = 'GET /2018-06-01/runtime/invocation/next HTTP/1.1';
const OK = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n';

/** What the bootstrap sent in one read, and a way to answer on that connection. */
type Exchange = (text: string, socket: Socket) => void;

test('the next poll goes out in the same write as the answer with PILOTLIGHT_PIPELINE=on', async (t) => {
  const seen = Promise.withResolvers<string>();
  const { stop } = await usePipeline(t, (text, socket) => {
    if (text.startsWith(POLL)) socket.write(event('a', '{"n":1}'));
    else {
      socket.write(`${OK}\r\n`);
      seen.resolve(text);
    }
  });
  const text = await seen.promise;
  assert.match(text, /^POST \/2018-06-01\/runtime\/invocation\/a\/response HTTP\/1\.1\r\n/);
  assert.match(
    text,
    new RegExp(`\\r\\n\\r\\n\\{"n":1\\}${POLL}\\r\\nHost: [^\\r]+\\r\\n(?:[a-z-]+: [^\\r]+\\r\\n)+\\r\\n$`),
  );
  await stop();
});

for (const [name, refuse] of [
  [
    'closes the connection after the answer',
    (socket: Socket) => socket.end(`${OK}Connection: close\r\n\r\n`),
  ],
  [
    'refuses the poll',
    (socket: Socket) => socket.write(`${OK}\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}`),
  ],
] as const) {
  test(`the bootstrap polls on its own, and says so once, when the server ${name}`, async (t) => {
    const posts: string[] = [];
    const third = Promise.withResolvers<void>();
    const { stop, stderr } = await usePipeline(t, (text, socket) => {
      if (text.startsWith(POLL)) {
        socket.write(event(`id-${posts.length}`, '1'));
        return;
      }
      posts.push(text);
      if (posts.length === 1) refuse(socket);
      else socket.write(`${OK}\r\n`);
      if (posts.length === 3) third.resolve();
    });
    await third.promise;
    assert.deepEqual(
      posts.map((text) => [/invocation\/([^/]+)\//.exec(text)?.[1], text.includes(POLL)]),
      [
        ['id-0', true],
        ['id-1', false],
        ['id-2', false],
      ],
    );
    await stop();
    assert.equal(stderr().match(/a poll sent behind an answer was/g)?.length, 1);
  });
}

test('the bootstrap ends with 0 on SIGTERM after the answer that a poll was sent behind', async (t) => {
  const posted = Promise.withResolvers<Socket>();
  const { child, exited } = await usePipeline(t, (text, socket) => {
    if (text.startsWith('POST')) posted.resolve(socket);
    else socket.write(event('a', '1'));
  });
  const socket = await posted.promise;
  child.kill('SIGTERM');
  socket.write(`${OK}\r\n`);
  assert.equal(await exited, 0);
});

async function usePipeline(t: TestContext, exchange: Exchange) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => exchange(chunk.toString('latin1'), socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  const bootstrap = await useBootstrap(t, {
    files: ECHO,
    variables: { PILOTLIGHT_PIPELINE: 'on' },
    authority: () => `127.0.0.1:${port}`,
  });
  return {
    ...bootstrap,
    async stop() {
      bootstrap.child.kill('SIGTERM');
      assert.equal(await bootstrap.exited, 0);
    },
  };
}

function event(id: string, body: string): string {
  return [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Lambda-Runtime-Aws-Request-Id: ${id}`,
    `Lambda-Runtime-Deadline-Ms: ${Date.now() + 60_000}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
