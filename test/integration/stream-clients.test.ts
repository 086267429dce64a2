import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { execa } from 'execa';
import { INVOKE_SCRIPT, PYTHON } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useGate } from '../helpers/use-gate.ts';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

const CODE = `
export const handler = awslambda.streamifyResponse(async ({ gate, fail, exit }, stream) => {
  if (fail === 'early') throw new RangeError('before the first byte');
  stream.write('one');
  if (gate !== undefined) await fetch(gate);
  if (fail === 'late') throw new RangeError('in the middle');
  if (exit !== undefined) process.exit(exit);
  stream.end('zwö');
});`;

async function useStreams(t: TestContext) {
  const files = { 'function.bundle.js': CODE };
  const lambda = await useLocalLambda(t, { streams: { files, settings: { timeoutS: 20 } } });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint: lambda.url, region: 'us-east-1', credentials });
  t.after(() => client.destroy());
  return {
    async bySdk(event: object) {
      const Payload = JSON.stringify(event);
      const { EventStream } = await client.send(
        new InvokeWithResponseStreamCommand({ FunctionName: 'streams', Payload }),
      );
      assert.ok(EventStream !== undefined);
      return EventStream[Symbol.asyncIterator]();
    },
    async byBoto3(event: object) {
      const wanted = { endpointUrl: lambda.url, functionName: 'streams', stream: true };
      const input = JSON.stringify({ ...wanted, payload: JSON.stringify(event) });
      const clean = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } };
      return JSON.parse((await execa(PYTHON, [INVOKE_SCRIPT], { ...clean, input })).stdout);
    },
  };
}
type Events = Awaited<ReturnType<Awaited<ReturnType<typeof useStreams>>['bySdk']>>;

/** Reads to the end: the text of all parts, and how the invocation ended. */
async function readAll(events: Events) {
  const chunks: Uint8Array[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const { PayloadChunk, InvokeComplete } = next.value;
    if (PayloadChunk?.Payload !== undefined) chunks.push(PayloadChunk.Payload);
    if (InvokeComplete !== undefined) return { text: String(Buffer.concat(chunks)), end: InvokeComplete };
  }
  throw new Error('Cannot read the stream: it ended without InvokeComplete');
}

test('the SDK reads a streaming handler part by part, while it writes', async (t) => {
  const { bySdk } = await useStreams(t);
  const gate = await useGate(t);
  const events = await bySdk({ gate: gate.url });
  const first = await events.next();
  assert.equal(String(Buffer.from(first.value?.PayloadChunk?.Payload ?? [])), 'one');
  await gate.reached;
  gate.open();
  assert.deepEqual(await readAll(events), { text: 'zwö', end: {} });
});

test('the SDK sees the data and the error of a streaming handler that fails in the middle', async (t) => {
  const { bySdk } = await useStreams(t);
  const { text, end } = await readAll(await bySdk({ fail: 'late' }));
  assert.equal(text, 'one');
  assert.equal(end.ErrorCode, 'Function.RangeError');
  const { errorType, errorMessage, trace } = JSON.parse(String(end.ErrorDetails));
  assert.deepEqual(
    [errorType, errorMessage, trace[0]],
    ['RangeError', 'in the middle', 'RangeError: in the middle'],
  );
  assert.equal((await readAll(await bySdk({}))).text, 'onezwö');
});

test('the SDK sees the error of a streaming handler that fails before the first byte', async (t) => {
  const { bySdk } = await useStreams(t);
  const { text, end } = await readAll(await bySdk({ fail: 'early' }));
  assert.equal(end.ErrorCode, 'RangeError');
  assert.equal(text, '');
  assert.partialDeepStrictEqual(JSON.parse(String(end.ErrorDetails)), { errorType: 'RangeError' });
});

test('the SDK is told why a stream broke off when the worker dies within it', async (t) => {
  const { bySdk } = await useStreams(t);
  const gate = await useGate(t);
  const events = await bySdk({ exit: 7, gate: gate.url });
  assert.ok((await events.next()).value?.PayloadChunk !== undefined);
  gate.open();
  const { end } = await readAll(events);
  assert.equal(end.ErrorCode, 'Runtime.ExitError');
  assert.match(String(end.ErrorDetails), /exited with code 7/);
  assert.equal((await readAll(await bySdk({}))).text, 'onezwö');
});

test(
  'boto3 reads a streaming handler, its failure in the middle and before the first byte',
  needs('boto3'),
  async (t) => {
    const { byBoto3 } = await useStreams(t);
    const whole = await byBoto3({});
    assert.deepEqual([whole.statusCode, whole.chunks.join(''), whole.complete], [200, 'onezwö', [{}]]);
    const late = await byBoto3({ fail: 'late' });
    assert.deepEqual([late.chunks.join(''), late.complete.length], ['one', 1]);
    assert.equal(late.complete[0].ErrorCode, 'Function.RangeError');
    assert.equal(JSON.parse(late.complete[0].ErrorDetails).errorMessage, 'in the middle');
    const early = await byBoto3({ fail: 'early' });
    assert.deepEqual([early.chunks.join(''), early.complete.length], ['', 1]);
    assert.equal(JSON.parse(early.complete[0].ErrorDetails).errorMessage, 'before the first byte');
  },
);
