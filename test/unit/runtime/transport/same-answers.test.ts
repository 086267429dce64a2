import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { bytesOf, isWhole } from '../../../../runtime/http1/whole-body.ts';
import type { HttpAnswer, HttpClient } from '../../../../runtime/transport/http-client.ts';
import { createNativeClient } from '../../../../runtime/transport/native-client.ts';
import { createUndiciClient } from '../../../../runtime/transport/undici-client.ts';
import { mutate, randomMessage } from '../../../helpers/http1-messages.ts';
import { createRandom } from '../../../helpers/random.ts';
import { headerPairs, headerText } from '../../../helpers/read-message.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const ANSWERS = 100_000;
/** Requested at once by each transport. */
const BATCH = 200;
const CONNECTIONS = 16;
/** A connection may end under a request that is on its way, which is then sent again. */
const TRIES = 10;
const NOTHING = Buffer.alloc(0);

// Most of the spoilt answers fail, in each transport: their stacks are work that nobody looks at.
Error.stackTraceLimit = 0;

/** What one transport takes and the other does not. */
const EXCEPTIONS = [
  // undici gives up on 100 Continue unless it asked for it; RFC 9110, 15.2 wants it ignored.
  { name: '100 is ignored', by: 'undici', bytes: /^HTTP\/1\.[01] 100/ },
  // undici takes the blank for a digit, and misses what it then counts.
  { name: 'blanks behind a length', by: 'undici', bytes: /content-length:[ \t]*\d+[ \t]+\r\n/i },
  // undici does not wait for the answer when the one that announces it is of HTTP/1.0.
  { name: 'announced by HTTP/1.0', by: 'undici', bytes: /HTTP\/1\.0 1\d\d/ },
  // undici looks for lengths and codings in trailers too.
  {
    name: 'trailers are no framing',
    by: 'undici',
    bytes: /\r\n0+(;.*)?\r\n(.+\r\n)*(content-length|transfer-encoding):/i,
  },
  // The grammar inside chunk extensions, which both read over.
  { name: 'chunk extensions', by: 'undici', bytes: /\r\n[\da-f]+;[^\r\n]*\r\n/i },
  // undici reads what it cannot decode until the end of the connection, and calls it the body.
  {
    name: 'codings but chunked',
    by: 'native',
    bytes: /transfer-encoding:(?![ \t]*chunked[ \t]*\r\n)|(\r\ntransfer-encoding:.*){2}/is,
  },
  // Ten digits are a terabyte.
  { name: 'long chunk sizes', by: 'native', bytes: /\r\n[\da-f]{11,}[;\r]/i },
  // undici skips empty lines before an answer.
  { name: 'empty lines', by: 'native', bytes: /(^|\r\n\r\n)[\r\n]/ },
  // undici takes a status below 100, and control characters in the reason.
  {
    name: 'status lines',
    by: 'native',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
    bytes: /HTTP\/1\.[01] (0\d\d |\d{3}[^\n]*[\0-\x08\x0b-\x1f\x7f][^\n])/,
  },
] as const;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

test(`${ANSWERS} generated answers, half of them spoilt, are the same through both transports`, async (t) => {
  const server = await serveAnswers(t);
  const options = { host: 'memory', connections: CONNECTIONS, maxHeadBytes: 80_000, maxWholeBytes: 100 };
  const native = createNativeClient({ ...options, target: { path: server.path } });
  const undici = createUndiciClient({ ...options, target: { path: server.path } });
  t.after(() => native.close());
  t.after(() => undici.close());

  const outcomes = { same: 0, bothFail: 0 };
  const unexplained: string[] = [];
  const excepted = new Map(EXCEPTIONS.map(({ name }) => [name as string, 0]));
  for (let from = 0; from < ANSWERS; from += BATCH) {
    const seeds = Array.from({ length: BATCH }, (_, index) => from + index);
    const [ours, theirs] = await Promise.all([
      server.ask(native, 'n', seeds),
      server.ask(undici, 'u', seeds),
    ]);
    for (const [index, seed] of seeds.entries()) {
      const [mine, other] = [ours[index], theirs[index]];
      if (isDeepStrictEqual(mine, other)) {
        outcomes[mine === undefined ? 'bothFail' : 'same']++;
        continue;
      }
      const bytes = answerOf(seed).bytes.toString('latin1');
      const context = `seed ${seed}: ${JSON.stringify(bytes)}`;
      // Never may both take it, and differently.
      if (mine !== undefined && other !== undefined) assert.deepEqual(mine, other, context);
      const by = mine === undefined ? 'native' : 'undici';
      const exception = EXCEPTIONS.find((one) => one.by === by && one.bytes.test(bytes));
      if (exception === undefined) unexplained.push(`only ${by} fails, ${context}`);
      else excepted.set(exception.name, (excepted.get(exception.name) ?? 0) + 1);
    }
  }
  assert.deepEqual(unexplained, []);
  const unused = [...excepted].filter(([, count]) => count === 0).map(([name]) => name);
  assert.deepEqual(unused, [], 'these exceptions are not needed');
  assert.ok(outcomes.same > ANSWERS / 2, JSON.stringify(outcomes));
  assert.ok(outcomes.bothFail > ANSWERS / 10, JSON.stringify(outcomes));
});

function answerOf(seed: number): { bytes: Buffer; stays: boolean } {
  const random = createRandom(seed);
  const whole = randomMessage(random, 'answer');
  if (random.chance(0.5)) return { bytes: mutate(random, whole), stays: false };
  const text = whole.toString('latin1');
  const delimited = /^HTTP\/1.1 [23]04|\r\n(?:content-length|transfer-encoding):/i.test(text);
  return { bytes: whole, stays: delimited && !/HTTP\/1\.0|\r\nConnection:/.test(text) };
}

/** A server that answers `/PREFIX/SEED` with the seed's bytes, and ends the connection where they do not say more. */
async function serveAnswers(t: TestContext) {
  const path = join(useTmp(t), 'socket');
  const served = new Set<string>();
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      const [, place, seed] = /^GET (\/\w\/(\d+)) /.exec(String(request)) ?? [];
      // What comes after the end was sent too late, and is sent again.
      if (place === undefined || socket.writableEnded) return;
      served.add(place);
      const { bytes, stays } = answerOf(Number(seed));
      if (stays) socket.write(bytes);
      else socket.end(bytes);
    });
  });
  server.listen(path);
  await once(server, 'listening');
  t.after(() => server.close());

  async function get(client: HttpClient, place: string): Promise<Answer | undefined> {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        const request = { method: 'GET', path: place, lines: '', body: NOTHING } as const;
        const { status, lines, body } = await new Promise<HttpAnswer>((resolve, reject) =>
          client.send(request, { onAnswer: resolve, onError: reject }),
        );
        const bytes = isWhole(body) ? bytesOf(body) : await buffer(body);
        return { status, headers: groupHeaders(lines), body: bytes.toString('latin1') };
      } catch {
        if (served.has(place)) return undefined;
      }
    }
    return assert.fail(`${place} never reached the server`);
  }

  return {
    path,
    ask: (client: HttpClient, prefix: string, seeds: readonly number[]) =>
      Promise.all(seeds.map((seed) => get(client, `/${prefix}/${seed}`))),
  };
}

/** The values of each header in order, because undici gives the lines of a header together. */
function groupHeaders(lines: string): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const line of headerText(headerPairs(lines)).split('\n')) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    headers[name] = [...(headers[name] ?? []), line.slice(name.length + 1)];
  }
  return headers;
}
