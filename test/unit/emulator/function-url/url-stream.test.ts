import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { request } from 'undici';
import { useGate } from '../../../helpers/use-gate.ts';
import { act, useSharedLambda } from '../use-lambda.ts';

const INTEGRATION = 'application/vnd.awslambda.http-integration-response';
const NULS = '\0'.repeat(8);

type Part = { text: string } | { base64: string } | { bytes: number } | { gate: string } | { fail: string };

describe('a function URL that streams', () => {
  const shared = useSharedLambda({ maxEnvironments: 1 }, { url: 'stream', timeoutS: 10 });
  const open = (event: object, method: 'GET' | 'HEAD' = 'GET') =>
    request(shared.lambda.urls.acts as string, { method, headers: { 'x-act': JSON.stringify(event) } });
  const stream = (parts: readonly Part[], type = INTEGRATION, method?: 'HEAD') =>
    open({ do: 'stream', type, parts }, method);
  const gated = async (t: TestContext) => {
    const gate = await useGate(t);
    return { ...gate, part: { gate: gate.url } };
  };

  test('the prelude becomes status, headers and cookies, the rest the body', async () => {
    const prelude = {
      statusCode: 418,
      headers: { 'Content-Type': 'text/x-tea', 'X-One': '1' },
      multiValueHeaders: { 'X-Two': ['a', 'b'] },
      cookies: ['a=1', 'b=2'],
    };
    const answer = await stream([{ text: JSON.stringify(prelude) + NULS }, { text: 'body' }]);
    assert.equal(answer.statusCode, 418);
    const { 'content-type': type, 'x-one': one, 'x-two': two, 'set-cookie': cookies } = answer.headers;
    assert.deepEqual([type, one, two, cookies], ['text/x-tea', '1', ['a', 'b'], ['a=1', 'b=2']]);
    assert.equal(await answer.body.text(), 'body');
  });

  test('a prelude is found however it is cut, and NULs in the body stay', async () => {
    const whole = Buffer.concat([Buffer.from(`{"statusCode":201}${NULS}`), Buffer.from(`\0${NULS}x`)]);
    const parts = [...whole].map((byte) => ({ base64: Buffer.from([byte]).toString('base64') }));
    const answer = await stream(parts);
    assert.equal(answer.statusCode, 201);
    assert.deepEqual(Buffer.from(await answer.body.arrayBuffer()), Buffer.from(`\0${NULS}x`));
  });

  test('status and headers arrive before the body is begun, parts of it before it has ended', async (t) => {
    const before = await gated(t);
    const between = await gated(t);
    const answer = await stream([
      { text: `{"statusCode":202}${NULS}` },
      before.part,
      { text: 'one' },
      between.part,
      { text: 'two' },
    ]);
    assert.equal(answer.statusCode, 202);
    await before.reached;
    before.open();
    const parts = answer.body[Symbol.asyncIterator]();
    assert.equal(String((await parts.next()).value), 'one');
    await between.reached;
    between.open();
    assert.equal(String((await parts.next()).value), 'two');
    assert.ok((await parts.next()).done);
  });

  for (const statusCode of [204, 304, 302]) {
    test(`a ${statusCode} with nothing after its prelude keeps its status`, async () => {
      const prelude = JSON.stringify({ statusCode, headers: { location: '/there' } });
      const answer = await stream([{ text: prelude + NULS }]);
      assert.deepEqual([answer.statusCode, answer.headers.location], [statusCode, '/there']);
      assert.equal(await answer.body.text(), '');
    });
  }

  test('a HEAD request gets the headers of the prelude', async () => {
    const prelude = `{"statusCode":200,"headers":{"content-length":"77"}}${NULS}`;
    const answer = await stream([{ text: prelude }, { text: 'ignored' }], INTEGRATION, 'HEAD');
    assert.deepEqual([answer.statusCode, answer.headers['content-length']], [200, '77']);
    assert.equal(await answer.body.text(), '');
  });

  test('a stream of another type is sent as it is', async () => {
    const answer = await stream([{ text: `{"statusCode":500}${NULS}` }], 'text/csv');
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'text/csv']);
    assert.equal(await answer.body.text(), `{"statusCode":500}${NULS}`);
  });

  test('a result that is not streamed is sent as it is', async () => {
    const answer = await open({ do: 'answer', answer: { statusCode: 404, body: 'x' } });
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'application/json']);
    assert.equal(await answer.body.text(), '{"statusCode":404,"body":"x"}');
  });

  for (const [what, parts, type] of [
    ['before the first byte', [{ fail: 'at once' }], 'text/plain'],
    ['within the prelude', [{ text: '{"statusCode"' }, { fail: 'early' }], INTEGRATION],
  ] as const) {
    test(`an error ${what} is a 502`, async () => {
      const answer = await stream(parts, type);
      assert.equal(answer.statusCode, 502);
      assert.equal(await answer.body.text(), 'Internal Server Error');
    });
  }

  for (const [what, text] of [
    ['that never ends', '{"statusCode":200}'],
    ['that is no JSON', `statusCode${NULS}body`],
    ['whose status is none', `{"statusCode":"x"}${NULS}body`],
  ] as const) {
    test(`a prelude ${what} is a 502 whose reason stands in the log`, async () => {
      const answer = await stream([{ text }]);
      assert.equal(answer.statusCode, 502);
      await answer.body.dump();
      const id = String(answer.headers['x-amzn-requestid']);
      await shared.line((line) => line.startsWith(`RequestId: ${id} Error: Cannot send the answer`));
    });
  }

  test('an error after the first byte cuts the connection', async (t) => {
    const gate = await gated(t);
    const answer = await stream([{ text: 'one' }, gate.part, { fail: 'late' }], 'text/plain');
    assert.equal(answer.statusCode, 200);
    gate.open();
    await assert.rejects(answer.body.text());
  });

  test('a client that goes away leaves a usable environment', async (t) => {
    const gate = await gated(t);
    const { body } = await stream([{ text: 'one' }, gate.part, { bytes: 8_000_000 }], 'text/plain');
    await gate.reached;
    body.on('error', () => {});
    body.destroy();
    gate.open();
    const { value, failed } = await act(shared.lambda, 'starts');
    assert.deepEqual([value, failed], [1, false]);
  });

  test('a large stream arrives whole', async () => {
    const { body } = await stream([{ bytes: 12_000_000 }, { bytes: 12_000_000 }], 'text/plain');
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    assert.equal(bytes, 24_000_000);
  });
});
