import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { request } from 'undici';
import { useSharedLambda } from '../use-lambda.ts';

describe('the answer of a function URL', () => {
  const shared = useSharedLambda({}, { url: 'buffered' });
  const url = () => shared.lambda.urls.acts as string;
  const ask = async (act: object, method: 'GET' | 'HEAD' | 'POST' = 'GET', body?: Uint8Array) => {
    const headers = { 'x-act': JSON.stringify(act) };
    const answer = await request(url(), { method, headers, ...(body === undefined ? {} : { body }) });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
  };
  const answered = (answer: unknown, method?: 'HEAD') => ask({ do: 'answer', answer }, method);

  test('an answer has its status, its headers and each of its cookies', async () => {
    const { status, headers, text } = await answered({
      statusCode: 201,
      headers: { 'Content-Type': 'text/html', 'X-Number': 7 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '<b>ä</b>',
    });
    assert.deepEqual([status, text], [201, '<b>ä</b>']);
    assert.deepEqual([headers['content-type'], headers['x-number']], ['text/html', '7']);
    assert.deepEqual(headers['set-cookie'], ['a=1; Path=/', 'b=2']);
    assert.equal(headers['content-length'], '9');
    assert.match(String(headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
  });

  test('a body in base64 is sent as its bytes', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { bytes } = await answered({
      statusCode: 200,
      body: all.toString('base64'),
      isBase64Encoded: true,
    });
    assert.deepEqual(bytes, all);
  });

  for (const [what, answer, body] of [
    ['an object without a status code', { a: 1, body: 'x' }, '{"a":1,"body":"x"}'],
    ['a string, with its quotes', 'text', '"text"'],
    ['a number', 3, '3'],
    ['null', null, 'null'],
    ['an array', [1], '[1]'],
  ] as const) {
    test(`${what} is itself the body`, async () => {
      const { status, headers, text } = await answered(answer);
      assert.deepEqual([status, text, headers['content-type']], [200, body, 'application/json']);
    });
  }

  for (const [what, answer] of [
    ['a status code that is none', { statusCode: 'fine' }],
    ['a status code that is out of bounds', { statusCode: 99 }],
    ['a body that is no string', { statusCode: 200, body: { a: 1 } }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a header whose name is none', { statusCode: 200, headers: { 'a b': 'c' } }],
  ] as const) {
    test(`${what} is a failure whose reason stands in the log`, async () => {
      const { status, headers, text } = await answered(answer);
      assert.deepEqual([status, text], [502, 'Internal Server Error']);
      const id = String(headers['x-amzn-requestid']);
      await shared.line((line) => line.startsWith(`RequestId: ${id} Error: Cannot send the answer`));
    });
  }

  test('a function error is a 502 that tells nothing of it', async () => {
    const { status, text } = await ask({ do: 'fail' });
    assert.deepEqual([status, text], [502, 'Internal Server Error']);
  });

  test('a HEAD request gets the headers, and the length that the function names', async () => {
    const answer = { statusCode: 200, headers: { 'content-length': '1234', etag: '"e"' } };
    const { status, headers, text } = await answered(answer, 'HEAD');
    assert.deepEqual([status, text, headers['content-length'], headers.etag], [200, '', '1234', '"e"']);
  });

  test('a length, a connection or a coding that the function names does not reach a client with a body', async () => {
    const wrong = { 'content-length': '1', 'transfer-encoding': 'chunked', connection: 'close' };
    const { headers, text } = await answered({ statusCode: 200, headers: wrong, body: 'three' });
    assert.deepEqual(
      [headers['content-length'], headers['transfer-encoding'], text],
      ['5', undefined, 'three'],
    );
  });

  for (const statusCode of [204, 304]) {
    test(`a ${statusCode} has no body and no type of ours`, async () => {
      const { status, headers, text } = await answered({ statusCode, headers: { etag: '"e"' } });
      assert.deepEqual(
        [status, text, headers['content-type'], headers.etag],
        [statusCode, '', undefined, '"e"'],
      );
    });
  }

  test('a large body goes both ways, one over the limit is refused', async () => {
    const large = Buffer.alloc(4_000_000, 'x');
    const back = await ask({ do: 'body' }, 'POST', large);
    assert.ok(back.bytes.equals(large));
    // 6 MB in base64 are more than an event may have.
    const refused = await ask({ do: 'body' }, 'POST', Buffer.alloc(6_000_000));
    assert.equal(refused.status, 413);
    assert.equal(refused.headers['x-amzn-errortype'], 'RequestTooLargeException');
  });

  test('a result over the limit is a 502', async () => {
    assert.equal((await ask({ do: 'big', bytes: 7_000_000 })).status, 502);
  });

  test('a page of another origin is refused', async () => {
    const answer = await request(url(), { headers: { origin: 'https://example.com' } });
    assert.equal(answer.statusCode, 403);
    await answer.body.dump();
  });
});
