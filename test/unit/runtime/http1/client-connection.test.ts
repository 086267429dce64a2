import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ClientConnection } from '../../../../runtime/http1/client-connection.ts';
import { ask } from '../../../helpers/ask.ts';

const NOTHING = Buffer.alloc(0);
const POST = 'POST /x HTTP/1.1\r\nHost: test\r\n';
const LARGE = Buffer.alloc(6_000_000, 'pilotlight');

async function connectTo(t: TestContext, server: Server, maxWholeBytes = 1_000): Promise<ClientConnection> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new ClientConnection({
    target: { host: '127.0.0.1', port },
    maxHeadBytes: 10_000,
    maxWholeBytes,
  });
  t.after(() => {
    connection.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return connection;
}

/** A server that answers each request, however it came, with the next of these texts. */
const scripted = (...answers: readonly string[]) => {
  let next = 0;
  return createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      const answer = answers[next++ % answers.length] as string;
      if (answer === 'RESET') socket.resetAndDestroy();
      else if (answer.startsWith('END ')) socket.end(answer.slice(4));
      else socket.write(answer);
    });
  });
};

const http = (listener: RequestListener) => createHttpServer({ keepAliveTimeout: 0 }, listener);

test('request() uses one connection for request after request', async (t) => {
  let connections = 0;
  const server = http((request, response) => void request.pipe(response)).on(
    'connection',
    () => connections++,
  );
  const connection = await connectTo(t, server);
  for (const text of ['a', '', 'é€😀']) {
    const { head, body } = await ask(connection, POST, Buffer.from(text), undefined);
    assert.equal(head.status, 200);
    assert.equal(String(body), text);
  }
  assert.equal(connections, 1);
});

test('request() opens a new connection when the server closed the last one', async (t) => {
  const connection = await connectTo(
    t,
    scripted('END HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx'),
  );
  for (const _ of [1, 2]) {
    assert.equal(String((await ask(connection, POST, NOTHING, undefined)).body), 'x');
  }
});

test('request() reads a body that the end of the connection ends', async (t) => {
  const connection = await connectTo(t, scripted('END HTTP/1.1 200 OK\r\n\r\nto the end'));
  assert.equal(String((await ask(connection, POST, NOTHING, undefined)).body), 'to the end');
});

for (const [what, answer, code] of [
  ['is reset', 'RESET', 'ECONNRESET'],
  ['ends before the answer', 'END ', 'ECONNRESET'],
  ['ends within the answer', 'END HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal', 'TRUNCATED'],
  ['brings no HTTP', 'hello\r\n\r\n', 'START_LINE_INVALID'],
  ['brings a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'HEAD_TOO_LARGE'],
] as const) {
  test(`request() rejects with ${code} when the connection ${what}, and the next one succeeds`, async (t) => {
    const connection = await connectTo(t, scripted(answer, 'HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n'));
    await assert.rejects(ask(connection, POST, NOTHING, undefined), { code });
    assert.equal((await ask(connection, POST, NOTHING, undefined)).head.status, 202);
  });
}

test('request() trusts no connection on which an answer came unasked', async (t) => {
  const twice = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx'.repeat(2);
  const connection = await connectTo(t, scripted(twice));
  for (const _ of [1, 2, 3]) {
    assert.equal(String((await ask(connection, POST, NOTHING, undefined)).body), 'x');
  }
});

for (const chunked of [false, true]) {
  test(`request() gives a large ${chunked ? 'chunked ' : ''}body as a stream, to a slow reader too`, async (t) => {
    const server = http((request, response) => {
      if (!chunked) response.setHeader('content-length', request.headers['content-length'] ?? 0);
      request.pipe(response);
    });
    const connection = await connectTo(t, server);
    const { body } = await ask(connection, POST, LARGE, undefined);
    assert.ok(body instanceof Readable);
    const parts: Buffer[] = [];
    for await (const part of body) {
      parts.push(part as Buffer);
      if (parts.length % 10 === 0) await new Promise(setImmediate);
    }
    assert.ok(Buffer.concat(parts).equals(LARGE));
    const next = await ask(connection, POST, Buffer.from('next'), undefined);
    assert.equal(String(next.body), 'next');
  });

  test(`request() sends a stream ${chunked ? 'in chunks' : 'with its length'}`, async (t) => {
    const server = http(async (request, response) => {
      response.setHeader(
        'x-length',
        request.headers['content-length'] ?? request.headers['transfer-encoding'] ?? '',
      );
      response.end((await buffer(request)).equals(LARGE) ? 'equal' : 'different');
    });
    const connection = await connectTo(t, server);
    const parts = Array.from({ length: 60 }, (_, index) =>
      LARGE.subarray(index * 100_000, (index + 1) * 100_000),
    );
    const { head, body } = await ask(
      connection,
      POST,
      Readable.from(parts),
      chunked ? undefined : LARGE.length,
    );
    assert.equal(String(body), 'equal');
    assert.match(head.lines, new RegExp(`x-length: ${chunked ? 'chunked' : LARGE.length}`));
  });
}

test('request() gathers a large chunked body whole where whole bodies are wanted', async (t) => {
  const connection = await connectTo(
    t,
    http((request, response) => void request.pipe(response)),
    Number.POSITIVE_INFINITY,
  );
  const { body } = await ask(connection, POST, LARGE, undefined);
  assert.ok(Buffer.isBuffer(body) && body.equals(LARGE));
});

test('a stream that breaks off fails for its reader', async (t) => {
  const connection = await connectTo(
    t,
    scripted(`END HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(2_000)}`),
  );
  const { body } = await ask(connection, POST, NOTHING, undefined);
  await assert.rejects(buffer(body as Readable), { code: 'TRUNCATED' });
});

test('a stream that nobody wants any more does not stand before the next answer', async (t) => {
  const connection = await connectTo(
    t,
    http((request, response) => void request.pipe(response)),
  );
  const { body } = await ask(connection, POST, LARGE, undefined);
  (body as Readable).destroy();
  assert.equal(String((await ask(connection, POST, Buffer.from('next'), undefined)).body), 'next');
});

test('close() rejects the request that waits', async (t) => {
  const connection = await connectTo(
    t,
    createServer(() => {}),
  );
  const waiting = ask(connection, POST, NOTHING, undefined);
  connection.close();
  await assert.rejects(waiting);
});

test('a stream that breaks off before anybody reads it fails for its reader, and for nobody else', async (t) => {
  const connection = await connectTo(
    t,
    scripted(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\nno size\r\n`,
    ),
  );
  const { body } = await ask(connection, POST, NOTHING, undefined);
  // An error that nobody listens for ends the process.
  await new Promise(setImmediate);
  await assert.rejects(buffer(body as Readable), { code: 'CHUNK_INVALID' });
});
