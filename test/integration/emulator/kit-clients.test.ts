// The official client for Node has a file of its own, since it needs the interpreter layer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs, type ProgramName } from '../../helpers/needs.ts';
import { useKitClient } from '../../helpers/use-kit-client.ts';

const CLIENTS: readonly (readonly [name: string, program: ProgramName])[] = [
  ['Python client', 'awslambdaric'],
  ['Go client', 'kit-go'],
  ['Rust client', 'kit-rust'],
];

for (const [name, program] of CLIENTS) {
  test(
    `the official ${name} answers in the local Lambda, fails, and starts again after its exit`,
    needs(program),
    async (t) => {
      const lambda = await useKitClient(t, name, 'function.handler');
      const echoed = await lambda.call('fn', { value: 'ä 🔥' });
      assert.deepEqual(echoed.value, { value: 'ä 🔥' }, lambda.lines.join('\n'));
      const { value, requestId } = await lambda.call('fn', { action: 'context' });
      assert.partialDeepStrictEqual(value, { requestId, functionName: 'fn' });
      assert.equal((await lambda.call('fn', { action: 'count' })).value, 1);

      const failed = await lambda.call('fn', { action: 'throw', message: 'as asked' });
      assert.ok(failed.failed);
      assert.partialDeepStrictEqual(failed.value, { errorMessage: 'as asked' });
      assert.equal((await lambda.call('fn', { action: 'count' })).value, 2);

      const ended = await lambda.call('fn', { action: 'exit', code: 3 });
      assert.ok(ended.failed);
      assert.partialDeepStrictEqual(ended.value, { errorType: 'Runtime.ExitError' });
      assert.equal((await lambda.call('fn', { action: 'count' })).value, 1);
    },
  );
}

const STREAMING: readonly (readonly [name: string, program: ProgramName])[] = [
  ['Go client', 'kit-go'],
  ['Rust client', 'kit-rust'],
];
const HTTP = { statusCode: 201, headers: {}, cookies: ['a=1'] };

/** Invokes and takes the stream: what stands before the eight NULs, and the text behind them. */
async function takeStream(lambda: Awaited<ReturnType<typeof useKitClient>>, event: object) {
  const chunks: Uint8Array[] = [];
  const stream = { begin: () => {}, write: (chunk: Uint8Array) => void chunks.push(chunk) };
  const { failed, payload } = await lambda.invoke('fn', JSON.stringify(event), { stream });
  const [prelude = '', text] = Buffer.concat(chunks).toString().split('\0'.repeat(8));
  return { prelude, text, failed, payload: String(payload) };
}

for (const [name, program] of STREAMING) {
  test(
    `the official ${name} streams in the local Lambda, and fails before the first byte`,
    needs(program),
    async (t) => {
      const lambda = await useKitClient(t, name, 'function.stream');
      const whole = await takeStream(lambda, { http: HTTP, parts: ['a', 'ä'] });
      assert.deepEqual([whole.text, whole.failed], ['aä', false], lambda.lines.join('\n'));
      assert.partialDeepStrictEqual(JSON.parse(whole.prelude), { statusCode: 201, cookies: ['a=1'] });
      const early = await takeStream(lambda, { failBefore: 'as asked' });
      assert.deepEqual([early.prelude, early.text, early.failed], ['', undefined, true]);
      assert.equal(JSON.parse(early.payload).errorMessage, 'as asked');
      assert.equal((await takeStream(lambda, { http: HTTP, parts: ['b'] })).text, 'b');
    },
  );
}

// The client for Rust tells such an error in the stream itself: the conformance kit's "stream-fails-within".
test(
  'the official Go client fails in the middle of a stream in the local Lambda',
  needs('kit-go'),
  async (t) => {
    const lambda = await useKitClient(t, 'Go client', 'function.stream');
    const { text, failed, payload } = await takeStream(lambda, {
      http: HTTP,
      parts: ['a', 'b'],
      failAfter: 'as asked',
    });
    assert.deepEqual([text, failed], ['ab', true]);
    assert.equal(JSON.parse(payload).errorMessage, 'as asked');
  },
);
