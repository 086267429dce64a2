import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { serveConnection } from '../../../../runtime/http1/server-connection.ts';
import { Outgoing } from '../../../../worker/node/stream/outgoing.ts';
import { ResponseStream } from '../../../../worker/node/stream/response-stream.ts';

/** More than a connection holds. */
const ALL_BYTES = 8_000_000;
const ERRORS = {
  answer: () => assert.fail(),
  describe: () => assert.fail(),
};

for (const bytes of [1000, 50_000]) {
  test(`ResponseStream leaves memory to its writer, in pieces of ${bytes} bytes, once their write is done`, async (t) => {
    const piece = Buffer.alloc(bytes);
    let sent = 0;
    const answer = await requestStream(t, async (stream) => {
      for (; sent < ALL_BYTES / bytes; sent++) {
        piece.fill(sent % 251);
        await new Promise((resolve) => stream.write(piece, resolve));
      }
      stream.end();
    });
    // Nothing is read until the writer has to wait.
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise(setImmediate);
    }
    assert.ok(sent > 0 && sent < ALL_BYTES / bytes);
    const got = await buffer(answer);
    assert.equal(got.length, ALL_BYTES);
    const isWrong = (_: unknown, index: number) =>
      got.subarray(index * bytes, (index + 1) * bytes).some((byte) => byte !== index % 251);
    assert.equal(Array.from({ length: ALL_BYTES / bytes }).findIndex(isWrong), -1);
  });
}

/** Asks a server that answers with what is written to a stream; the answer is not read yet. */
async function requestStream(t: TestContext, write: (stream: ResponseStream) => void) {
  const server = createServer((socket) => {
    const serve: Parameters<typeof serveConnection>[2] = (_head, _body, respond) => {
      const outgoing = new Outgoing(respond, ERRORS);
      const stream = new ResponseStream(outgoing, undefined);
      stream.on('finish', () => outgoing.end());
      write(stream);
    };
    socket.on(
      'data',
      serveConnection(socket, 10_000, serve, () => {}),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}
