import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { ChunkWriter } from '../../../../runtime/http1/chunk-writer.ts';
import { ClientConnection } from '../../../../runtime/http1/client-connection.ts';
import type { Incoming } from '../../../../runtime/http1/incoming-body.ts';
import { serveConnection } from '../../../../runtime/http1/server-connection.ts';
import type { WholeBody } from '../../../../runtime/http1/whole-body.ts';
import { ask } from '../../../helpers/ask.ts';

const NOTHING = Buffer.alloc(0);
const POST = 'POST /x HTTP/1.1\r\nHost: test\r\n';
const STREAM = 'x-mode: stream\r\n';

test('an answer in parts arrives as they are written, with its trailers', async (t) => {
  const { connection, writers } = await useStreams(t);
  const { head, body } = await askForStream(connection);
  const writer = await writers();
  const parts = body[Symbol.asyncIterator]();
  for (const part of ['one', 'two']) {
    writer.write(Buffer.from(part));
    assert.equal(String((await parts.next()).value), part);
  }
  await new Promise<void>((resolve) => writer.write(NOTHING, resolve));
  writer.end('x-late: 1\r\n');
  assert.equal((await parts.next()).done, true);
  assert.equal(body.trailers, 'x-late: 1\r\n');
  assert.equal(head.lines, STREAM);
});

test('an answer in parts is over before the next request is answered on the same connection', async (t) => {
  const { connection, writers, connections } = await useStreams(t);
  for (const _ of [1, 2]) {
    const { body } = await askForStream(connection);
    (await writers()).end('');
    assert.equal(await text(body), '');
  }
  assert.equal(connections(), 1);
});

test('an answer in parts that its reader lets go ends the connection, and its writer is told', async (t) => {
  const { connection, writers, connections } = await useStreams(t);
  const { body } = await askForStream(connection);
  const writer = await writers();
  const gone = new Promise<void>((resolve) => {
    writer.onGone = resolve;
  });
  body.destroy();
  await gone;
  let dropped = 0;
  assert.equal(
    writer.write(Buffer.from('late'), () => dropped++),
    true,
  );
  assert.equal(dropped, 1);
  await askForStream(connection);
  assert.equal(connections(), 2);
});

test('an answer in parts fails when the connection is lost', async (t) => {
  const { connection, writers, server } = await useStreams(t);
  const lost = once(server, 'lost');
  const { body } = await askForStream(connection);
  (await writers()).write(Buffer.from('part'));
  server.emit('cut');
  await assert.rejects(text(body), { code: 'ECONNRESET' });
  await lost;
});

test('an answer in parts whose connection was lost before is over at once', async (t) => {
  const { connection, writers, server, answer } = await useStreams(t, 'later');
  const lost = once(server, 'lost');
  connection.send(POST, NOTHING, undefined, { onAnswer() {}, onError() {} });
  const respond = await answer();
  connection.close();
  await lost;
  respond();
  const writer = await writers();
  await new Promise<void>((resolve) => writer.whenOver(resolve));
});

test('a request in parts carries its trailers', async (t) => {
  const server = createHttpServer(async (request, response) => {
    const body = await text(request);
    response.end(JSON.stringify({ body, trailers: request.trailers }));
  });
  const connection = await connectTo(t, server);
  const parts = Object.assign(Readable.from([Buffer.from('a'), NOTHING, Buffer.from('b')]), {
    trailers: 'x-late: 1\r\n',
  });
  const { body } = await ask(connection, `${POST}Trailer: x-late\r\n`, parts, undefined);
  assert.deepEqual(JSON.parse(String(body)), { body: 'ab', trailers: { 'x-late': '1' } });
});

test('a request in parts that is answered before its end is let go, and the next goes to a new connection', async (t) => {
  let connections = 0;
  const server = createHttpServer((_request, response) => response.writeHead(413).end());
  server.on('connection', () => connections++);
  const connection = await connectTo(t, server);
  async function* endless() {
    while (true) {
      yield Buffer.alloc(10_000);
      await new Promise(setImmediate);
    }
  }
  const parts = Readable.from(endless()).on('error', () => {});
  const closed = new Promise((resolve) => parts.once('close', resolve));
  assert.equal((await ask(connection, POST, parts, undefined)).head.status, 413);
  await closed;
  assert.equal((await ask(connection, POST, NOTHING, undefined)).head.status, 413);
  assert.equal(connections, 2);
});

/** A server that answers with streams, which the test writes. */
async function useStreams(t: TestContext, when: 'now' | 'later' = 'now') {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    server.once('cut', () => socket.resetAndDestroy());
    socket.once('close', () => server.emit('lost'));
    const serve: Parameters<typeof serveConnection>[2] = (_head, _body, respond) => {
      const answer = () =>
        respond({ status: 200, lines: STREAM, body: (writer) => server.emit('writer', writer) });
      if (when === 'now') answer();
      else server.emit('request', answer);
    };
    socket.on(
      'data',
      serveConnection(socket, 10_000, serve, () => {}),
    );
  });
  const written: ChunkWriter[] = [];
  server.on('writer', (writer: ChunkWriter) => written.push(writer));
  const answer = once(server, 'request');
  return {
    server,
    connection: await connectTo(t, server),
    connections: () => connections,
    answer: async () => (await answer)[0] as () => void,
    async writers() {
      if (written.length === 0) await once(server, 'writer');
      return written.shift() as ChunkWriter;
    },
  };
}

async function connectTo(t: TestContext, server: Server): Promise<ClientConnection> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new ClientConnection({
    target: { host: '127.0.0.1', port },
    maxHeadBytes: 10_000,
    maxWholeBytes: Number.POSITIVE_INFINITY,
    isStream: (lines) => lines === STREAM,
  });
  t.after(() => {
    connection.close();
    server.close();
  });
  return connection;
}

async function askForStream(connection: ClientConnection) {
  const { head, body } = await ask(connection, POST, NOTHING, undefined);
  return { head, body: body as Exclude<Incoming['body'], WholeBody> };
}
