import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { writeWhole } from '../../../../runtime/http1/write-message.ts';

const BODY_BYTES = 50_000;
const MESSAGES = 60;

/** Two ends of a connection whose reader reads nothing until it is told to. */
async function openPaused(t: TestContext): Promise<{ writer: Socket; reader: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const writer = connect({ port, host: '127.0.0.1' });
  const [reader] = (await once(server, 'connection')) as [Socket];
  t.after(() => {
    writer.destroy();
    reader.destroy();
    server.close();
  });
  return { writer, reader };
}

async function readAll(reader: Socket, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let left = bytes;
  for await (const part of reader as AsyncIterable<Buffer>) {
    parts.push(part);
    left -= part.length;
    if (left <= 0) break;
  }
  return Buffer.concat(parts);
}

test('writeWhole leaves what waits in a full connection as it is while others are written to', async (t) => {
  const pairs = await Promise.all([openPaused(t), openPaused(t)]);
  const expected = pairs.map(() => Buffer.alloc(0));
  for (let number = 0; number < MESSAGES; number++) {
    for (const [index, { writer }] of pairs.entries()) {
      const body = Buffer.alloc(BODY_BYTES, 2 * number + index);
      writeWhole(writer, `POST /${number} HTTP/1.1\r\n`, body, 'GET /next HTTP/1.1\r\n\r\n');
      expected[index] = Buffer.concat([
        expected[index] as Buffer,
        Buffer.from(`POST /${number} HTTP/1.1\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`),
        body,
        Buffer.from('GET /next HTTP/1.1\r\n\r\n'),
      ]);
    }
  }
  // Else it would show nothing.
  for (const { writer } of pairs) assert.ok(writer.writableLength > 0);
  for (const [index, { reader }] of pairs.entries()) {
    const all = expected[index] as Buffer;
    assert.ok((await readAll(reader, all.length)).equals(all));
  }
});
