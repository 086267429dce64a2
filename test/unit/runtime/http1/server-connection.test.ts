import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ClientConnection } from '../../../../runtime/http1/client-connection.ts';
import { serveConnection } from '../../../../runtime/http1/server-connection.ts';
import { ask } from '../../../helpers/ask.ts';

type Handle = Parameters<typeof serveConnection>[2];

const echo: Handle = (head, body, respond) => respond({ status: 200, lines: head.lines, body });

async function listen(
  t: TestContext,
  handle: Handle,
  onAnswered = () => {},
  onSocket: (socket: Socket) => void = () => {},
): Promise<number> {
  const server = createServer((socket) => {
    onSocket(socket);
    socket.on('data', serveConnection(socket, 10_000, handle, onAnswered));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('serveConnection() answers requests on one connection, large ones too', async (t) => {
  let answered = 0;
  const port = await listen(t, echo, () => answered++);
  const connection = new ClientConnection({
    target: { host: '127.0.0.1', port },
    maxHeadBytes: 10_000,
    maxWholeBytes: Number.POSITIVE_INFINITY,
  });
  for (const bytes of [0, 1, 70_000, 6_000_000]) {
    const sent = Buffer.alloc(bytes, 'pilotlight');
    const { head, body } = await ask(connection, 'POST /x HTTP/1.1\r\nX-Mine: 1\r\n', sent, undefined);
    assert.equal(head.lines, 'X-Mine: 1\r\n');
    assert.ok(sent.equals(body as Buffer), String(bytes));
  }
  connection.close();
  assert.equal(answered, 4);
});

test('serveConnection() takes a pipelined request when the one before it was answered', async (t) => {
  const steps: string[] = [];
  const port = await listen(t, async (head, body, respond) => {
    steps.push(`begin ${head.target}`);
    await new Promise(setImmediate);
    steps.push(`end ${head.target}`);
    echo(head, body, respond);
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /0 HTTP/1.1\r\nContent-Length: 1\r\n\r\naPOST /1 HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\nb',
  );
  const got = await text(socket);
  assert.deepEqual(steps, ['begin /0', 'end /0', 'begin /1', 'end /1']);
  assert.match(got, /\r\n\r\naHTTP\/1\.1 200 OK\r\n.*\r\n\r\nb$/s);
});

test('serveConnection() answers what is no HTTP with 400 and ends the connection', async (t) => {
  const port = await listen(t, echo);
  const socket = connect(port, '127.0.0.1');
  socket.write('NONSENSE\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400 /);
});

test('serveConnection() reads nothing more after what was no HTTP', async (t) => {
  const seen: string[] = [];
  const port = await listen(t, (head, body, respond) => {
    seen.push(head.target);
    echo(head, body, respond);
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('NONSENSE\r\n\r\n');
  const [first] = await once(socket, 'data');
  socket.write('POST /smuggled HTTP/1.1\r\nContent-Length: 0\r\n\r\n');
  assert.match(String(first) + (await text(socket)), /^HTTP\/1\.1 400 .*\r\n\r\n$/s);
  assert.deepEqual(seen, []);
});

test('serveConnection() does not believe a length of a terabyte', async (t) => {
  const port = await listen(t, echo);
  const socket = connect(port, '127.0.0.1');
  socket.end('POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\nx');
  assert.equal(await text(socket), '');
});

test('serveConnection() tells of an answer that nobody is left to get, large as it is', async (t) => {
  const { promise: told, resolve } = Promise.withResolvers<void>();
  const handle: Handle = (_head, _body, respond) => {
    setImmediate(() => socket.resetAndDestroy());
    respond({ status: 200, lines: '', body: Buffer.alloc(20_000_000) });
  };
  const port = await listen(t, handle, resolve);
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.write('POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n');
  await told;
});

test('serveConnection() tells of a stream that left a little in a full connection', async (t) => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let answered = 0;
  let answeredBefore: number | undefined;
  let socket: Socket | undefined;
  const handle: Handle = (head, body, respond) => {
    if (head.target === '/next') {
      answeredBefore = answered;
      return echo(head, body, respond);
    }
    respond({
      status: 200,
      lines: '',
      body: (writer) =>
        setImmediate(() => {
          while (socket?.writableLength === 0) writer.write(Buffer.alloc(1000));
          writer.end('');
          // Else it would show nothing.
          assert.deepEqual([socket?.writableLength === 0, socket?.writableNeedDrain], [false, false]);
          end();
        }),
    });
  };
  const onSocket = (accepted: Socket) => {
    socket = accepted;
  };
  const port = await listen(t, handle, () => answered++, onSocket);
  const client = connect(port, '127.0.0.1').pause();
  client.write('GET / HTTP/1.1\r\n\r\n');
  await ended;
  let got = '';
  for await (const part of client) {
    const wasWhole = got.endsWith('\r\n0\r\n\r\n');
    got = (got + String(part)).slice(-100);
    if (wasWhole) break;
    if (got.endsWith('\r\n0\r\n\r\n')) client.write('GET /next HTTP/1.1\r\n\r\n');
  }
  assert.equal(answeredBefore, 1);
});

test('serveConnection() serves no request behind one that closes the connection', async (t) => {
  const seen: string[] = [];
  const port = await listen(t, (head, body, respond) => {
    seen.push(head.target);
    echo(head, body, respond);
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /1 HTTP/1.1\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\nContent-Length: 0\r\n\r\n$/);
  assert.deepEqual(seen, ['/1']);
});
