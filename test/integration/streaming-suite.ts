import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { Post } from '../helpers/scripted-lambda-api.ts';
import { takePost } from '../helpers/take-post.ts';
import { useBootstrap as start } from '../helpers/use-bootstrap.ts';

const MODE = 'lambda-runtime-function-response-mode';
const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';
const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';
/** Writes until nobody takes any more, and tells why in the next invocation. */
const ENDLESS = `import { pipeline } from 'node:stream/promises';
  let outcome = 'none';
  async function* parts() { while (true) yield 'x'.repeat(10_000); }
  export const handler = awslambda.streamifyResponse(async (event, stream) => {
    if (event === 'ask') stream.end(outcome);
    else await pipeline(parts, stream).catch((error) => { outcome = error.message; });
  });`;

/**
 * What a bootstrap does with streams.
 *
 * @param form the variables that choose among its forms, such as the transport
 */
export function streamingSuite(form: Readonly<Record<string, string>>): void {
  const useFunction = (t: TestContext, code: string) =>
    start(t, { files: { 'function.bundle.js': code }, variables: form });

  test('a stream is posted in chunks with its mode, type and announced trailers', async (t) => {
    const { api } = await useFunction(
      t,
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.setContentType('text/plain');
        stream.write('one '); stream.write({ two: 2 }); stream.end(event); });`,
    );
    const post = await api.send({
      id: 'a',
      body: '" three"',
      headers: { 'lambda-runtime-invocation-id': 'nonce' },
    });
    assert.match(post.path, /\/a\/response$/);
    assert.equal(String(post.body), 'one {"two":2} three');
    assert.partialDeepStrictEqual(post.headers, {
      [MODE]: 'streaming',
      'transfer-encoding': 'chunked',
      'content-type': 'text/plain',
      trailer: `${ERROR_TYPE}, ${ERROR_BODY}`,
      'lambda-runtime-invocation-id': 'nonce',
    });
    assert.deepEqual(post.trailers, {});
  });

  test('the first bytes of a stream come when they are written, and no poll before its end', async (t) => {
    const { api, folder } = await useFunction(
      t,
      `import { existsSync } from 'node:fs';
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write('first');
        while (!existsSync(event)) await new Promise(setImmediate);
        stream.end(' last'); });`,
    );
    const file = join(folder, 'task/go');
    const { request, response } = await takePost(api, { id: 'a', body: JSON.stringify(file) });
    const [chunk] = await once(request, 'data');
    assert.equal(String(chunk), 'first');
    let isPolled = false;
    const polled = api.polled().then(() => {
      isPolled = true;
    });
    writeFileSync(file, '');
    assert.equal(await text(request), ' last');
    assert.equal(isPolled, false);
    response.writeHead(202).end('{}');
    await polled;
  });

  test('a stream of parts of all sizes arrives byte for byte', async (t) => {
    const { api } = await useFunction(
      t,
      `import { createHash, randomBytes } from 'node:crypto';
      export async function* handler() {
        const hash = createHash('sha256');
        for (let size = 1; size < 400_000; size = Math.ceil(size * 1.2)) {
          const part = randomBytes(size);
          hash.update(part);
          yield part;
        }
        yield hash.digest();
      }`,
    );
    const { body } = await api.send({ id: 'a' });
    const hash = createHash('sha256').update(body.subarray(0, -32)).digest();
    assert.ok(body.length > 1_000_000);
    assert.ok(hash.equals(body.subarray(-32)));
  });

  test('an error before the first byte is an error like any other', async (t) => {
    const { api } = await useFunction(
      t,
      `export const handler = awslambda.streamifyResponse(async () => { throw new RangeError('early'); });`,
    );
    const post = await api.send({ id: 'a' });
    assert.match(post.path, /\/a\/error$/);
    assert.equal(post.headers[MODE], undefined);
    assert.partialDeepStrictEqual(JSON.parse(String(post.body)), {
      errorType: 'RangeError',
      errorMessage: 'early',
    });
  });

  test('an error after the first byte comes in trailers', async (t) => {
    const { api } = await useFunction(
      t,
      `export async function* handler() { yield 'part'; throw new RangeError('late'); }`,
    );
    const post = await api.send({ id: 'a' });
    assert.match(post.path, /\/a\/response$/);
    assert.equal(String(post.body), 'part');
    assert.equal(post.trailers[ERROR_TYPE], 'Function.RangeError');
    assert.partialDeepStrictEqual(errorOf(post), { errorType: 'RangeError', errorMessage: 'late' });
    assert.equal(String((await api.send({ id: 'b' })).body), 'part');
  });

  test('a worker that dies within a stream leaves the reason in trailers, and is replaced', async (t) => {
    const { api } = await useFunction(
      t,
      `export async function* handler(event) {
        yield 'part';
        if (event.exit) { await new Promise(setImmediate); process.stderr.write('last words\\n'); process.exit(7); } }`,
    );
    const post = await api.send({ id: 'a', body: '{"exit":true}' });
    assert.equal(String(post.body), 'part');
    assert.equal(post.trailers[ERROR_TYPE], 'Runtime.ExitError');
    assert.match(errorOf(post).errorMessage, /^Cannot answer the invocation: the worker exited with code 7;/);
    assert.deepEqual(errorOf(post).trace, ['last words']);
    const next = await api.send({ id: 'b' });
    assert.deepEqual([String(next.body), next.trailers], ['part', {}]);
    assert.equal(api.posts.length, 2);
  });

  test('an uncaught exception within a stream comes in trailers, and the worker is replaced', async (t) => {
    const { api } = await useFunction(
      t,
      `export async function* handler(event) {
        yield String(process.pid);
        if (event.fail) { setImmediate(() => { throw new RangeError('lost'); }); await new Promise(() => {}); } }`,
    );
    const post = await api.send({ id: 'a', body: '{"fail":true}' });
    assert.equal(errorOf(post).errorMessage, 'lost');
    const next = await api.send({ id: 'b' });
    assert.notEqual(String(next.body), String(post.body));
    assert.match(next.path, /\/b\/response$/);
  });

  for (const status of [413, 410]) {
    test(`a stream that is refused with ${status} in the middle is let go, and the runtime goes on`, async (t) => {
      const { api } = await useFunction(t, ENDLESS);
      const { request, response } = await takePost(api, { id: 'a' });
      await once(request, 'data');
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"errorType":"Scripted"}');
      const next = await api.send({ id: 'b', body: '"ask"' });
      assert.match(String(next.body), /nobody reads it any more/);
    });
  }

  test('a stream whose connection to Lambda breaks is let go, and the runtime goes on', async (t) => {
    const { api, stderr } = await useFunction(t, ENDLESS);
    const { request } = await takePost(api, { id: 'a' });
    await once(request, 'data');
    request.socket.resetAndDestroy();
    const next = await api.send({ id: 'b', body: '"ask"' });
    assert.match(String(next.body), /nobody reads it any more/);
    assert.match(stderr(), /a\/response was cut off/);
  });

  test('a stream that Lambda answers with 500 ends the bootstrap with 1', async (t) => {
    const { api, exited } = await useFunction(t, ENDLESS);
    const { request, response } = await takePost(api, { id: 'a' });
    await once(request, 'data');
    response.writeHead(500).end('{}');
    assert.equal(await exited, 1);
  });

  test('a prelude goes before the body, also before an empty one', async (t) => {
    const { api } = await useFunction(
      t,
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        const { statusCode, body } = event;
        const http = awslambda.HttpResponseStream.from(stream, { statusCode, headers: { location: '/' } });
        http.end(body); });`,
    );
    for (const [statusCode, body] of [
      [201, 'made'],
      [204, undefined],
      [302, ''],
    ] as const) {
      const post = await api.send({ id: `status-${statusCode}`, body: JSON.stringify({ statusCode, body }) });
      assert.equal(post.headers['content-type'], HTTP_TYPE);
      const prelude = JSON.stringify({ statusCode, headers: { location: '/' } });
      assert.equal(String(post.body), `${prelude}${'\0'.repeat(8)}${body ?? ''}`);
    }
  });

  test('a whole answer between streams is posted with its length', async (t) => {
    const { api } = await useFunction(
      t,
      `export const handler = async (event) => event === 1 ? event : new Blob(['blob']).stream();`,
    );
    const [stream, whole, again] = [
      await api.send({ id: 'a', body: '0' }),
      await api.send({ id: 'b', body: '1' }),
      await api.send({ id: 'c', body: '0' }),
    ];
    assert.deepEqual(
      [stream, whole, again].map(({ body }) => String(body)),
      ['blob', '1', 'blob'],
    );
    assert.equal(whole.headers['content-length'], '1');
    assert.equal(whole.headers[MODE], undefined);
  });
}

function errorOf(post: Post) {
  return JSON.parse(Buffer.from(post.trailers[ERROR_BODY] ?? '', 'base64').toString());
}
