import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import { functionUrlPost, loadBalancerEvent } from '../unit/worker/web/http-events.ts';

const TYPE = 'application/vnd.awslambda.http-integration-response';
const GET = functionUrlPost(undefined, {}, 'GET');

/** What writes the same answer in each way. */
const FUNCTIONS = {
  fetch: `export default { fetch() {
    const headers = [['content-type', 'text/plain'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']];
    return new Response(ReadableStream.from(['one', 'two'].map((text) => Buffer.from(text))), { status: 201, headers });
  } }`,
  'an HTTP server': `import { createServer } from 'node:http';
  createServer((_, response) => {
    response.writeHead(201, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
    response.write('one');
    response.end('two');
  }).listen(process.env.PORT);`,
};

function useFunction(t: TestContext, code: string) {
  const files = { 'function.bundle.js': code };
  return useBootstrap(t, { files, variables: { PILOTLIGHT_STREAM: 'on' } });
}

for (const [name, code] of Object.entries(FUNCTIONS)) {
  test(`${name} streams its answer behind status, headers and cookies`, async (t) => {
    const { api } = await useFunction(t, code);
    const { headers, body } = await api.send({ id: 'a', body: JSON.stringify(GET) });
    assert.equal(headers['lambda-runtime-function-response-mode'], 'streaming');
    assert.equal(headers['content-type'], TYPE);
    const end = body.indexOf(Buffer.alloc(8));
    assert.partialDeepStrictEqual(JSON.parse(String(body.subarray(0, end))), {
      statusCode: 201,
      headers: { 'content-type': 'text/plain' },
      cookies: ['a=1', 'b=2'],
    });
    assert.equal(String(body.subarray(end + 8)), 'onetwo');
  });

  test(`${name} answers a load balancer whole, which takes no streams`, async (t) => {
    const { api } = await useFunction(t, code);
    const { headers, body } = await api.send({ id: 'a', body: JSON.stringify(loadBalancerEvent()) });
    assert.equal(headers['lambda-runtime-function-response-mode'], undefined);
    assert.partialDeepStrictEqual(JSON.parse(String(body)), { statusCode: 201, body: 'onetwo' });
  });
}

test('fetch that answers 204 streams status and headers alone', async (t) => {
  const { api } = await useFunction(
    t,
    'export default { fetch: () => new Response(null, { status: 204, headers: { "x-a": "1" } }) }',
  );
  const { body } = await api.send({ id: 'a', body: JSON.stringify(GET) });
  assert.deepEqual(JSON.parse(String(body.subarray(0, -8))), {
    statusCode: 204,
    headers: { 'x-a': '1' },
    cookies: [],
  });
});

test('fetch that throws before it answers is an error, not a stream', async (t) => {
  const { api } = await useFunction(t, 'export default { fetch() { throw new RangeError("mine") } }');
  const { path, body } = await api.send({ id: 'a', body: JSON.stringify(GET) });
  assert.match(path, /\/error$/);
  assert.equal(JSON.parse(String(body)).errorType, 'RangeError');
});
