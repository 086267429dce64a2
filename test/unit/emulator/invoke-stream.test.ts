import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { request } from 'undici';
import { useGate } from '../../helpers/use-gate.ts';
import { act, useLambda } from './use-lambda.ts';

type Part = { text: string } | { bytes: number } | { gate: string } | { fail: string } | { exit: number };

async function useStream(t: TestContext, timeoutS = 10) {
  const { lambda, lines } = await useLambda(t, { timeoutS }, { maxEnvironments: 1 });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint: lambda.url, region: 'us-east-1', credentials });
  t.after(() => client.destroy());
  const invoke = async (event: object, options: { LogType?: 'Tail' } = {}) => {
    const command = new InvokeWithResponseStreamCommand({
      FunctionName: 'acts',
      Payload: JSON.stringify(event),
      ...options,
    });
    const answer = await client.send(command);
    return { answer, events: answer.EventStream?.[Symbol.asyncIterator]() as AsyncIterator<StreamEvent> };
  };
  return { lambda, lines, invoke, stream: (...parts: Part[]) => invoke({ do: 'stream', parts }) };
}

interface StreamEvent {
  readonly PayloadChunk?: { readonly Payload?: Uint8Array };
  readonly InvokeComplete?: { ErrorCode?: string; ErrorDetails?: string; LogResult?: string };
}

async function readAll(events: AsyncIterator<StreamEvent>) {
  const chunks: Uint8Array[] = [];
  const ends: NonNullable<StreamEvent['InvokeComplete']>[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    const { PayloadChunk, InvokeComplete } = next.value;
    assert.equal(ends.length, 0, 'nothing follows InvokeComplete');
    if (PayloadChunk?.Payload !== undefined) chunks.push(PayloadChunk.Payload);
    if (InvokeComplete !== undefined) ends.push(InvokeComplete);
  }
  assert.equal(ends.length, 1);
  return { text: Buffer.concat(chunks).toString(), end: ends[0] ?? {} };
}

test('a streamed invocation hands each part on while the function still writes', async (t) => {
  const { stream } = await useStream(t);
  const gate = await useGate(t);
  const { answer, events } = await stream({ text: 'first' }, { gate: gate.url }, { text: 'second' });
  assert.equal(answer.ExecutedVersion, '$LATEST');
  const first = await events.next();
  assert.equal(Buffer.from(first.value.PayloadChunk.Payload).toString(), 'first');
  await gate.reached;
  gate.open();
  assert.deepEqual(await readAll(events), { text: 'second', end: {} });
});

test('a streamed invocation of a function that does not stream gets its result as one part', async (t) => {
  const { invoke } = await useStream(t);
  const { events } = await invoke({ a: 1 });
  assert.deepEqual(await readAll(events), { text: '{"a":1}', end: {} });
});

test('a streamed invocation without a byte ends with InvokeComplete alone', async (t) => {
  const { stream } = await useStream(t);
  assert.deepEqual(await readAll((await stream()).events), { text: '', end: {} });
});

test('an error before the first byte is told by InvokeComplete with status 200', async (t) => {
  const { invoke } = await useStream(t);
  const { answer, events } = await invoke({ do: 'fail' }, { LogType: 'Tail' });
  assert.equal(answer.StatusCode, 200);
  const { text, end } = await readAll(events);
  assert.deepEqual([text, end.ErrorCode], ['', 'BadLuck']);
  assert.deepEqual(JSON.parse(end.ErrorDetails ?? '').errorMessage, 'no good');
  assert.match(Buffer.from(end.LogResult ?? '', 'base64').toString(), /\nSTART [\s\S]*\nREPORT /);
});

test('an error in the middle of a stream comes after what was written before it', async (t) => {
  const { lambda, stream } = await useStream(t);
  const { text, end } = await readAll((await stream({ text: 'part' }, { fail: 'too late' })).events);
  assert.deepEqual([text, end.ErrorCode], ['part', 'BadLuck']);
  assert.equal(JSON.parse(end.ErrorDetails ?? '').errorMessage, 'too late');
  assert.equal((await act(lambda, 'starts')).value, 1);
});

test('a timeout in the middle of a stream is told as a timeout', async (t) => {
  const { lambda, stream } = await useStream(t, 1);
  const gate = await useGate(t);
  const { text, end } = await readAll((await stream({ text: 'part' }, { gate: gate.url })).events);
  assert.deepEqual([text, end.ErrorCode], ['part', 'Sandbox.Timedout']);
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('a runtime that exits in the middle of a stream leaves a truncated one', async (t) => {
  const { lambda, stream } = await useStream(t);
  const gate = await useGate(t);
  const { events } = await stream({ text: 'part' }, { gate: gate.url }, { exit: 3 });
  const first = await events.next();
  assert.equal(Buffer.from(first.value.PayloadChunk.Payload).toString(), 'part');
  gate.open();
  const { end } = await readAll(events);
  assert.equal(end.ErrorCode, 'Runtime.TruncatedResponse');
  assert.equal((await act(lambda, 'starts')).value, 2);
});

test('a stream whose reader goes away is let go, and the environment serves the next call', async (t) => {
  const { lambda } = await useStream(t);
  const gate = await useGate(t);
  const parts = [{ text: 'part' }, { gate: gate.url }, { bytes: 8_000_000 }];
  const aborting = new AbortController();
  const path = '/2021-11-15/functions/acts/response-streaming-invocations';
  const { body } = await request(`${lambda.url}${path}`, {
    method: 'POST',
    body: JSON.stringify({ do: 'stream', parts }),
    signal: aborting.signal,
  });
  await gate.reached;
  body.on('error', () => {});
  aborting.abort();
  gate.open();
  assert.equal((await act(lambda, 'starts')).value, 1);
});

test('a streaming function that is invoked without streaming is collected, under the limit for that', async (t) => {
  const { lambda } = await useStream(t);
  const small = await lambda.invoke('acts', '{"do":"stream","parts":[{"text":"a"},{"text":"b"}]}');
  assert.equal(Buffer.from(small.payload).toString(), 'ab');
  const large = await lambda.invoke('acts', '{"do":"stream","parts":[{"bytes":7000000}]}');
  assert.equal(JSON.parse(String(large.payload)).errorType, 'Function.ResponseSizeTooLarge');
});

test('a streamed invocation that nobody waits for is refused', async (t) => {
  const { lambda } = await useStream(t);
  const path = '/2021-11-15/functions/acts/response-streaming-invocations';
  const call = (type: string, name = path) =>
    request(`${lambda.url}${name}`, { method: 'POST', headers: { 'x-amz-invocation-type': type } });
  const refused = await call('Event');
  assert.equal(refused.headers['x-amzn-errortype'], 'InvalidParameterValueException');
  await refused.body.dump();
  assert.equal((await call('DryRun')).statusCode, 204);
  const missing = await call('RequestResponse', path.replace('acts', 'other'));
  assert.equal(missing.statusCode, 404);
  await missing.body.dump();
});
