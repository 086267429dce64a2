import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ClientConnection } from '../../../../runtime/http1/client-connection.ts';
import { MessageReader } from '../../../../runtime/http1/message-reader.ts';
import { serveConnection } from '../../../../runtime/http1/server-connection.ts';
import { ask } from '../../../helpers/ask.ts';
import { afterTurns } from '../../../helpers/memory-side.ts';
import { checkCase } from './check-framing.ts';
import { FRAMING_CASES } from './framing-cases.ts';

/** Up to here every pair of splits is tried. */
const PAIRS_BYTES = 130;
const SPLIT_BYTES = 1_000;
/** Until what was written on one side of a loopback connection is read on the other. */
const TURNS = 2;

const NOTHING = Buffer.alloc(0);
const REQUEST =
  'POST /a HTTP/1.1\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n';
const ANSWERS = [
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 15\r\n\r\nhello0123456789',
  'HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0A\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
];

test('MessageReader reads the same wherever its bytes are split, in two and in three', () => {
  for (const one of FRAMING_CASES) {
    const bytes = Buffer.from(one.bytes, 'latin1');
    if (bytes.length > SPLIT_BYTES) continue;
    for (let first = 1; first < bytes.length; first++) {
      checkCase({ MessageReader }, one, [bytes.subarray(0, first), bytes.subarray(first)]);
      if (bytes.length > PAIRS_BYTES) continue;
      for (let second = first + 1; second < bytes.length; second++) {
        const pieces = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        checkCase({ MessageReader }, one, pieces);
      }
    }
  }
});

for (const [index, answer] of ANSWERS.entries()) {
  test(`ClientConnection reads answer ${index} wherever it is split`, async (t) => {
    let at = 0;
    const port = await listen(t, (socket) =>
      socket.on('data', async () => {
        at++;
        await writeSplit(socket, answer, at);
      }),
    );
    const connection = new ClientConnection({
      target: { host: '127.0.0.1', port },
      maxHeadBytes: 1_000,
      maxWholeBytes: 1_000,
    });
    t.after(() => connection.close());
    while (at < answer.length) {
      const { head, body } = await ask(connection, 'GET / HTTP/1.1\r\n', NOTHING, undefined);
      assert.deepEqual([head.lines, String(body)], ['X-A: b\r\n', 'hello0123456789'], `split at ${at}`);
    }
  });
}

test('serveConnection() reads a request wherever it is split', async (t) => {
  const port = await listen(t, (socket) => {
    const take = serveConnection(
      socket,
      1_000,
      ({ lines }, body, respond) => respond({ status: 200, lines, body }),
      () => {},
    );
    socket.on('data', take);
  });
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  t.after(() => socket.destroy());
  const expected = 'HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 15\r\n\r\nhello0123456789';
  for (let at = 1; at < REQUEST.length; at++) {
    await writeSplit(socket, REQUEST, at);
    let got = '';
    while (got.length < expected.length) got += String((await once(socket, 'data'))[0]);
    assert.equal(got, expected, `split at ${at}`);
  }
});

async function writeSplit(socket: Socket, text: string, at: number): Promise<void> {
  socket.write(text.slice(0, at), 'latin1');
  await afterTurns(TURNS);
  socket.write(text.slice(at), 'latin1');
}

async function listen(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    t.after(() => socket.destroy());
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
