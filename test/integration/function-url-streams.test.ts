import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { useGate } from '../helpers/use-gate.ts';
import { type TestFunction, useLocalLambda } from '../helpers/use-local-lambda.ts';

/** Each writes "one", waits at the gate that the query names, and goes on with "two", or fails when asked to. */
const FUNCTIONS = {
  'a fetch app': `export default { fetch(request) {
    const { searchParams } = new URL(request.url);
    async function* parts() {
      yield Buffer.from('one');
      await fetch(searchParams.get('gate'));
      if (searchParams.has('fail')) throw new RangeError('in the middle');
      yield Buffer.from('two');
    }
    const headers = [['content-type', 'text/plain'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']];
    return new Response(ReadableStream.from(parts()), { status: 201, headers });
  } }`,
  'an HTTP server': `import { createServer } from 'node:http';
  createServer(async (request, response) => {
    const { searchParams } = new URL(request.url, 'http://localhost');
    response.writeHead(201, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
    response.write('one');
    await fetch(searchParams.get('gate'));
    if (searchParams.has('fail')) return response.destroy(new RangeError('in the middle'));
    response.end('two');
  }).listen(process.env.PORT);`,
  'a streaming handler': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    const { gate, fail } = event.queryStringParameters;
    const headers = { 'content-type': 'text/plain' };
    stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers, cookies: ['a=1', 'b=2'] });
    stream.write('one');
    await fetch(gate);
    if (fail !== undefined) throw new RangeError('in the middle');
    stream.end('two');
  });`,
};

async function useFunction(t: TestContext, code: string, own: NonNullable<TestFunction['settings']> = {}) {
  const settings = { url: 'stream', timeoutS: 20, ...own } as const;
  const fn = { files: { 'function.bundle.js': code }, settings };
  const lambda = await useLocalLambda(t, { fn }, { maxEnvironments: 1 });
  return { url: String(lambda.urls.fn), log: () => lambda.lines.join('\n') };
}

for (const [name, code] of Object.entries(FUNCTIONS)) {
  test(`${name} streams through its URL: head and parts arrive one by one`, async (t) => {
    const { url, log } = await useFunction(t, code);
    const gate = await useGate(t);
    const { statusCode, headers, body } = await request(`${url}?gate=${gate.url}`);
    assert.deepEqual([statusCode, headers['content-type']], [201, 'text/plain'], log());
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
    const parts = body[Symbol.asyncIterator]();
    assert.equal(String((await parts.next()).value), 'one');
    await gate.reached;
    gate.open();
    assert.equal(String((await parts.next()).value), 'two');
    assert.ok((await parts.next()).done);
  });

  test(`${name} that fails in the middle of its stream has the connection cut, and goes on`, async (t) => {
    const { url, log } = await useFunction(t, code);
    const gate = await useGate(t);
    const { body } = await request(`${url}?fail&gate=${gate.url}`);
    const parts = body[Symbol.asyncIterator]();
    assert.equal(String((await parts.next()).value), 'one');
    gate.open();
    await assert.rejects(parts.next(), { code: 'UND_ERR_SOCKET' });
    const next = await request(`${url}?gate=${gate.url}`);
    assert.equal(await next.body.text(), 'onetwo', log());
  });
}

for (const [name, code] of Object.entries({
  'a fetch app': `export default { fetch() { throw new RangeError('early') } }`,
  'a streaming handler': `export const handler = awslambda.streamifyResponse(() => { throw new RangeError('early') });`,
  'a streaming handler with a prelude': `export const handler = awslambda.streamifyResponse(async (_, stream) => {
    awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
    throw new RangeError('early');
  });`,
})) {
  test(`${name} that fails before the first byte is a 502`, async (t) => {
    const { url, log } = await useFunction(t, code);
    const { statusCode, body } = await request(url);
    assert.deepEqual([statusCode, await body.text()], [502, 'Internal Server Error'], log());
    assert.match(log(), /RangeError/);
  });
}

test('a function decides by its own variable whether it streams', async (t) => {
  const { url } = await useFunction(t, FUNCTIONS['a fetch app'], {
    environment: { PILOTLIGHT_STREAM: 'off' },
  });
  const gate = await useGate(t);
  const answered = request(`${url}?gate=${gate.url}`);
  await gate.reached;
  gate.open();
  const { statusCode, headers, body } = await answered;
  // The text of an answer that came whole is JSON in the result, which a URL that streams hands on as it is.
  assert.equal(statusCode, 200);
  assert.equal(headers['content-type'], 'application/json');
  assert.partialDeepStrictEqual(await body.json(), { statusCode: 201, body: 'onetwo' });
});

const LARGE_BYTES = 20_000_000;
const LARGE = `export default { fetch() {
  async function* parts() { for (let n = 0; n < 20; n++) yield Buffer.alloc(${LARGE_BYTES / 20}, n); }
  return new Response(ReadableStream.from(parts()));
} }`;

test('a stream through a URL may be larger than an answer that comes whole', async (t) => {
  const { url, log } = await useFunction(t, LARGE);
  const { statusCode, body } = await request(url);
  assert.equal(statusCode, 200, log());
  const bytes = Buffer.from(await body.arrayBuffer());
  assert.deepEqual([bytes.length, bytes[0], bytes.at(-1)], [LARGE_BYTES, 0, 19]);
});

test('an answer that comes whole and is too large is a 502, and the function goes on', async (t) => {
  const code = `let count = 0;
    export default { fetch: () => new Response(count++ === 0 ? 'x'.repeat(${LARGE_BYTES}) : 'small') };`;
  const { url, log } = await useFunction(t, code, { url: 'buffered' });
  const refused = await request(url);
  assert.deepEqual([refused.statusCode, await refused.body.text()], [502, 'Internal Server Error']);
  const { statusCode, body } = await request(url);
  assert.deepEqual([statusCode, await body.text()], [200, 'small'], log());
});

test('a function whose client goes away within its stream runs on, and serves the next', async (t) => {
  const { url, log } = await useFunction(t, FUNCTIONS['a fetch app']);
  const gate = await useGate(t);
  const { body } = await request(`${url}?gate=${gate.url}`);
  await body[Symbol.asyncIterator]().next();
  body.on('error', () => {}).destroy();
  await gate.reached;
  gate.open();
  const next = await request(`${url}?gate=${gate.url}`);
  assert.equal(await next.body.text(), 'onetwo', log());
});
