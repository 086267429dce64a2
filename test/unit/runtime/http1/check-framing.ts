import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../../../helpers/ask.ts';
import type { Framing } from '../../../helpers/framing-copy.ts';
import { readByFraming } from '../../../helpers/framing-reader.ts';
import type { ReadStream } from '../../../helpers/read-message.ts';
import type { Cleaner } from '../../../helpers/use-tmp.ts';
import { FRAMING_CASES, type FramingCase } from './framing-cases.ts';

/** What waits longer waits for ever: all of it happens within this process. */
const LIMIT_MS = 1_000;

const OK = 'HTTP/1.1 200 OK\r\n';
const GET = 'GET / HTTP/1.1\r\n';
const NOTHING = Buffer.alloc(0);
/** After fewer the look of a head is known. */
const KNOWN = 20;
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, place) => 255 - place)).toString('latin1');
const LARGE = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

/**
 * Checks a framing in about a tenth of a second: reading, the client on a connection, the server on one.
 *
 * @param t the test's context, with which the connections end
 * @param framing the copy to check
 * @throws {AssertionError} at the first thing that is wrong, one that never happens included
 */
export async function checkFraming(t: Cleaner, framing: Framing): Promise<void> {
  for (const one of FRAMING_CASES) {
    const bytes = Buffer.from(one.bytes, 'latin1');
    checkCase(framing, one, [bytes]);
    // A large head would take time that grows with its square.
    if (bytes.length < 1_000)
      checkCase(
        framing,
        one,
        Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
      );
  }
  assert.equal(framing.headerOf('X-A:a\r\nX-B: \t b \t\r\n', 'x-a'), 'a');
  assert.equal(framing.headerOf('X-A:a\r\nX-B: \t b \t\r\n', 'x-b'), 'b');
  checkKnownHeads(framing);
  const checks = [
    checkWriting(t, framing),
    checkExchanges(t, framing),
    checkServer(t, framing),
    checkEchoes(t, framing),
  ];
  const done = new AbortController();
  const limit = delay(LIMIT_MS, undefined, done).then(() => assert.fail('something never happened'));
  try {
    await Promise.race([Promise.all(checks), limit]);
  } finally {
    done.abort();
    await limit.catch(() => {});
    for (const check of checks) check.catch(() => {});
  }
}

/**
 * Reads one case's bytes.
 *
 * @param framing the copy to check
 * @param one the case
 * @param pieces its bytes as they come
 * @throws {AssertionError} when anything else was read than is in them
 */
export function checkCase(
  framing: Pick<Framing, 'MessageReader'>,
  { name, kind, messages, refused }: FramingCase,
  pieces: readonly Buffer[],
): void {
  const read: ReadStream = readByFraming(framing.MessageReader, kind, pieces, Number.POSITIVE_INFINITY);
  const got = read.messages.map((one) => [one.start, one.headers, one.body, one.trailers].join('|'));
  assert.deepEqual([got, read.refused], [messages, refused], name);
}

/** Messages that look like those before them, in one read and in several, in a buffer that held other bytes. */
function checkKnownHeads({ MessageReader }: Pick<Framing, 'MessageReader'>): void {
  const message = `POST /x HTTP/1.1\r\nX-A: b\r\nContent-Length: ${ALL_BYTES.length}\r\n\r\n${ALL_BYTES}`;
  const cut = message.length - 1;
  const pieces = [
    ...Array<string>(KNOWN).fill(message),
    ...[message.slice(0, cut), message.slice(cut), message + message, message + message.slice(0, cut)],
    ...[message.slice(cut), message],
  ].map((piece) => Buffer.from(piece, 'latin1'));
  const { messages } = readByFraming(MessageReader, 'request', pieces, Number.POSITIVE_INFINITY);
  assert.deepEqual(
    messages.map(({ body }) => body),
    Array<string>(KNOWN + 6).fill(ALL_BYTES),
  );
}

/** Bodies that go there and back until their heads are known, and on. */
async function checkEchoes(t: Cleaner, { ClientConnection, serveConnection }: Framing): Promise<void> {
  const server = await listen(t, (socket) => {
    const serve = serveConnection(
      socket,
      1_000,
      (_, body, respond) => respond({ status: 200, lines: '', body }),
      () => {},
    );
    socket.on('data', (bytes) => serve(bytes));
  });
  const connection = new ClientConnection({ ...server, maxWholeBytes: LARGE.length });
  t.after(() => connection.close());
  const bodies = Array.from({ length: 2 * KNOWN }, (_, count) =>
    Buffer.from(ALL_BYTES.slice(count), 'latin1'),
  );
  for (const sent of [...bodies, LARGE.subarray(0, 10_000), LARGE.subarray(0, 20_000), LARGE]) {
    const { body } = await ask(connection, 'POST /x HTTP/1.1\r\n', sent, undefined);
    const got = 'latin1' in body ? Buffer.from(body.latin1, 'latin1') : body;
    assert.ok(sent.equals(got as Buffer), `${sent.length} bytes came back`);
  }
}

/** What the client sends, as bytes. */
async function checkWriting(t: Cleaner, { ClientConnection }: Framing): Promise<void> {
  const sent: [head: string, body: string | Readable, length: number | undefined, bytes: string][] = [
    [GET, '', undefined, `${GET}Content-Length: 0\r\n\r\n`],
    [GET, 'abc', undefined, `${GET}Content-Length: 3\r\n\r\nabc`],
    [GET, Readable.from([Buffer.from('abc')]), 3, `${GET}Content-Length: 3\r\n\r\nabc`],
    [
      GET,
      Readable.from([Buffer.alloc(26, 'x'), Buffer.from('y')]),
      undefined,
      `${GET}Transfer-Encoding: chunked\r\n\r\n1a\r\n${'x'.repeat(26)}\r\n1\r\ny\r\n0\r\n\r\n`,
    ],
  ];
  for (const [head, body, length, bytes] of sent) {
    // Whether less or more comes, it does not become these bytes.
    let got = '';
    const server = await listen(t, (socket) =>
      socket.on('data', (data) => {
        got += data.toString('latin1');
        if (got === bytes) socket.end(`${OK}Content-Length: 0\r\n\r\n`);
        else if (!bytes.startsWith(got)) socket.destroy();
      }),
    );
    const connection = new ClientConnection({ ...server, maxWholeBytes: 1_000 });
    t.after(() => connection.close());
    const content = typeof body === 'string' ? Buffer.from(body) : body;
    await ask(connection, head, content, length).catch(() => assert.equal(got, bytes));
  }
}

/** What the client makes of answers, one request after the other. */
async function checkExchanges(t: Cleaner, { ClientConnection }: Framing): Promise<void> {
  const answers = [
    `${OK}Content-Length: 4\r\n\r\nkept`,
    `${OK}Connection: close\r\nContent-Length: 4\r\n\r\nlast`,
    `HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold`,
    `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 4\r\n\r\nreal`,
    `${OK}Content-Length: 1\r\n\r\n1${OK}Content-Length: 8\r\n\r\nunasked!`,
    `${OK}Content-Length: 7\r\n\r\ntrusted`,
  ];
  const bodies = ['kept', 'last', 'old', 'real', '1', 'trusted'];
  let connections = 0;
  let next = 0;
  const server = await listen(t, (socket) => {
    connections++;
    socket.on('data', () => socket.write(answers[next++] ?? `${OK}Content-Length: 100000\r\n\r\n`));
    socket.on('data', () => next > answers.length && socket.write(LARGE));
  });
  const connection = new ClientConnection({ ...server, maxWholeBytes: 1_000 });
  t.after(() => connection.close());
  const kept: object[] = [];
  for (const _ of answers) kept.push((await ask(connection, GET, NOTHING, undefined)).body);
  // All of them only now: the reads of later answers must not have changed them.
  assert.deepEqual(kept.map(String), bodies);
  // Closed by the word, by the version, and by an answer that nobody asked for.
  assert.equal(connections, 4);
  const { body } = await ask(connection, GET, NOTHING, undefined);
  assert.ok((await buffer(body as unknown as Readable)).equals(LARGE));
  await checkGathering(t, { ClientConnection });
}

/** Bodies that come in many parts, whole or as a stream, and one that breaks off. */
async function checkGathering(
  t: Cleaner,
  { ClientConnection }: Pick<Framing, 'ClientConnection'>,
): Promise<void> {
  const chunks = Array.from({ length: 10 }, (_, index) =>
    LARGE.subarray(index * 10_000, (index + 1) * 10_000),
  );
  const server = await listen(t, (socket) => {
    let requests = 0;
    socket.on('data', async () => {
      if (++requests > 2) return socket.end(`${OK}Content-Length: 2\r\n\r\n1`);
      socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
      for (const chunk of chunks) {
        socket.write(`${chunk.length.toString(16)}\r\n`);
        socket.write(chunk);
        socket.write('\r\n');
        await new Promise(setImmediate);
      }
      return socket.write('0\r\n\r\n');
    });
  });
  for (const maxWholeBytes of [25_000, Number.POSITIVE_INFINITY]) {
    const connection = new ClientConnection({ ...server, maxWholeBytes });
    t.after(() => connection.close());
    for (const _ of ['first', 'second']) {
      const { body } = await ask(connection, GET, NOTHING, undefined);
      assert.ok((Buffer.isBuffer(body) ? body : await buffer(body as unknown as Readable)).equals(LARGE));
    }
    await assert.rejects(ask(connection, GET, NOTHING, undefined), { code: 'TRUNCATED' });
  }
}

/** What the server does with requests that come together, with a last one, and with what is none. */
async function checkServer(t: Cleaner, { serveConnection }: Framing): Promise<void> {
  const seen: string[] = [];
  const turns = [3, 1, 0];
  const closed: Promise<unknown>[] = [];
  const server = await listen(t, (socket) => {
    // `once` would reject when the connection breaks, with nobody left to hear it after a check that failed.
    closed.push(new Promise((resolve) => socket.on('close', resolve)));
    const take = serveConnection(
      socket,
      1_000,
      async ({ target }, body, respond) => {
        for (let turn = turns.shift() ?? 0; turn > 0; turn--) await new Promise(setImmediate);
        seen.push(target);
        respond({ status: 200, lines: `X-T: ${target}\r\n`, body });
      },
      () => {},
    );
    socket.on('data', (bytes) => {
      take(bytes);
      // As the next read would.
      bytes.fill('x');
    });
  });
  const answer = (target: string, body: string) =>
    `${OK}X-T: ${target}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const [together, last, refused] = Array.from({ length: 3 }, () => connect(server.target)) as [
    Socket,
    Socket,
    Socket,
  ];
  t.after(() => {
    for (const socket of [together, last, refused]) socket.destroy();
  });
  together.write(
    'POST /1 HTTP/1.1\r\nContent-Length: 1\r\n\r\naPOST /2 HTTP/1.1\r\nTransfer-Encoding: chunked',
  );
  together.write('\r\n\r\n1\r\nb\r\n0\r\n\r\nPOST /3 HTTP/1.1\r\nContent-Length: 1\r\n\r\nc');
  const answers = answer('/1', 'a') + answer('/2', 'b') + answer('/3', 'c');
  let got = '';
  for await (const data of together) {
    got += data;
    assert.ok(answers.startsWith(got), got);
    if (got === answers) break;
  }
  assert.equal(got, answers);
  last.write('POST /4 HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\nd');
  assert.equal(await text(last), answer('/4', 'd'));
  refused.write('NONSENSE\r\n\r\n');
  const [refusal] = await once(refused, 'data');
  assert.match(String(refusal), /^HTTP\/1\.1 400 /);
  refused.end('POST /smuggled HTTP/1.1\r\nContent-Length: 0\r\n\r\n');
  await text(refused);
  await Promise.all(closed);
  assert.deepEqual(seen, ['/1', '/2', '/3', '/4']);
}

async function listen(t: Cleaner, serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // The other side may be a defective one.
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { target: { host: '127.0.0.1', port }, maxHeadBytes: 1_000 };
}
