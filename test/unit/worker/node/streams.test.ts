import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { functionUrlEvent } from '../web/http-events.ts';
import { type HostAnswer, startHost } from './start-host.ts';

const MODE = 'lambda-runtime-function-response-mode';
const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';
const STREAMED_RESULT = join(import.meta.dirname, '../../../../worker/node/stream/streamed-result.ts');
const NULS = '\0'.repeat(8);
const http = (prelude: object) => JSON.stringify(prelude) + NULS;

/** A result, and what becomes of it: type and text. */
const RESULTS: Readonly<Record<string, readonly [code: string, type: string, text: string]>> = {
  'an async generator': [
    `export async function* handler() { yield 'é'; yield ''; yield Buffer.from('b'); yield { c: 1 }; }`,
    'application/octet-stream',
    'éb{"c":1}',
  ],
  'an empty async generator': ['export async function* handler() {}', 'application/octet-stream', ''],
  'a ReadableStream': [
    `export const handler = async () => new Blob(['web']).stream();`,
    'application/octet-stream',
    'web',
  ],
  'a Readable': [
    `import { Readable } from 'node:stream'; export const handler = async () => Readable.from(['no', 'de']);`,
    'application/octet-stream',
    'node',
  ],
  'a Response': [
    `export const handler = async () => new Response('made', { status: 201,
      headers: [['Content-Type', 'text/x'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']] });`,
    HTTP_TYPE,
    `${http({ statusCode: 201, headers: { 'content-type': 'text/x' }, cookies: ['a=1', 'b=2'] })}made`,
  ],
  'a Response without a body': [
    'export const handler = async () => new Response(null, { status: 204 });',
    HTTP_TYPE,
    http({ statusCode: 204, headers: {}, cookies: [] }),
  ],
  'a StreamedResult': [
    `import { StreamedResult } from '${STREAMED_RESULT}'; async function* body() { yield 'part'; }
     export const handler = async () => new StreamedResult(body(), 'text/x');`,
    'text/x',
    'part',
  ],
  'a StreamedResult with a prelude': [
    `import { StreamedResult } from '${STREAMED_RESULT}'; async function* body() { yield 'part'; }
     export const handler = async () =>
       new StreamedResult(body(), 'of no use: é', { statusCode: 200, headers: {}, cookies: [] });`,
    HTTP_TYPE,
    `${http({ statusCode: 200, headers: {}, cookies: [] })}part`,
  ],
  'what a handler writes': [
    `export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
       stream.setContentType('text/x'); stream.write(context.awsRequestId);
       stream.write('e9', 'hex'); stream.write([1]); stream.end({ a: stream.writableHighWaterMark }); },
       { highWaterMark: 7 });`,
    'text/x',
    'id-1\ufffd[1]{"a":7}',
  ],
  'what a handler writes behind a prelude': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       awslambda.HttpResponseStream.from(stream, { statusCode: 302 }).end(); });`,
    HTTP_TYPE,
    http({ statusCode: 302 }),
  ],
};

for (const [name, [code, type, text]] of Object.entries(RESULTS)) {
  test(`host streams ${name}`, async (t) => {
    const host = await startHost(t, { 'function.bundle.js': code });
    for (const _ of [1, 2]) {
      const answer = await host.invoke();
      assert.equal(answer.text, text);
      assert.equal(answer.status, 200);
      assert.deepEqual([answer.headers[MODE], answer.headers['content-type']], ['streaming', type]);
      assert.deepEqual(answer.trailers, {});
    }
  });
}

/** A function that fails, and its error type: before the first byte, or after this text. */
const FAILURES: Readonly<Record<string, readonly [code: string, errorType: string, text?: string]>> = {
  'generator that throws at first': [
    `export async function* handler() { throw new RangeError('x'); yield 1; }`,
    'RangeError',
  ],
  'generator that throws later': [
    `export async function* handler() { yield 'part'; throw new RangeError('x'); }`,
    'RangeError',
    'part',
  ],
  'generator with a part that is no JSON': [
    `export async function* handler() { yield 'part'; yield 1n; }`,
    'TypeError',
    'part',
  ],
  'generator that waits for ever': [
    `export async function* handler() { yield 'part'; await new Promise(() => {}); }`,
    'Runtime.NodeJsExit',
    'part',
  ],
  'Response whose body never comes, after its prelude,': [
    'export const handler = async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));',
    'Runtime.NodeJsExit',
    http({ statusCode: 200, headers: {}, cookies: [] }),
  ],
  'file that is missing': [
    `import { createReadStream } from 'node:fs'; export const handler = async () => createReadStream('missing');`,
    'Error',
  ],
  'handler that throws before it writes': [
    `export const handler = awslambda.streamifyResponse(async () => { throw new RangeError('x'); });`,
    'RangeError',
  ],
  'handler that throws after end()': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.end('all'); throw new RangeError('x'); });`,
    'RangeError',
    'all',
  ],
  'handler that destroys its stream': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.write('part'); stream.destroy(new RangeError('x')); });`,
    'RangeError',
    'part',
  ],
  'handler that is not async': [
    'export const handler = awslambda.streamifyResponse((event, stream) => { stream.end(); });',
    'Runtime.StreamingHandlerNotAsync',
  ],
  'handler that does not end its stream': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('part'); });`,
    'Runtime.StreamNotFinished',
    'part',
  ],
  'handler that sets a type too late': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.write('part'); stream.setContentType('text/x'); });`,
    'Runtime.InvalidStreamingOperation',
    'part',
  ],
  'handler that sets a type with a line end': [
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.setContentType('text/x\\r\\nx: y'); stream.end(); });`,
    'Runtime.InvalidStreamingOperation',
  ],
};

for (const [name, [code, errorType, text]] of Object.entries(FAILURES)) {
  test(`host tells of a ${name} ${text === undefined ? 'by a plain error' : 'in trailers'}`, async (t) => {
    const host = await startHost(t, { 'function.bundle.js': code });
    const answer = await host.invoke();
    assert.equal(answer.status, text === undefined ? 500 : 200);
    assert.equal(answer.headers[MODE], text === undefined ? undefined : 'streaming');
    if (text !== undefined) assert.equal(answer.text, text);
    assert.equal((text === undefined ? answer.json : errorOf(answer)).errorType, errorType);
  });
}

test('host tells of an uncaught exception within a stream in trailers, and ends', async (t) => {
  const code = `export async function* handler() { yield 'part';
    setTimeout(() => { throw new RangeError('lost'); }); await new Promise(() => {}); }`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const answer = await host.invoke();
  assert.equal(errorOf(answer).errorMessage, 'lost');
  assert.equal(answer.trailers['pilotlight-replace'], '1');
  assert.equal((await host.exit).code, 129);
});

test('host lets a generator go whose part cannot be sent', async (t) => {
  const code = `let open = 0; export async function* handler(event) { open += 1;
    try { yield { open }; yield event.bad ? 1n : 2; } finally { open -= 1; if (event.bad) throw new Error('late'); } }`;
  const host = await startHost(t, { 'function.bundle.js': code });
  for (const _ of [1, 2]) assert.equal(errorOf(await host.invoke('{"bad":true}')).errorType, 'TypeError');
  assert.equal((await host.invoke()).text, '{"open":1}2');
});

test('host lets a source go that it cannot begin to send', async (t) => {
  const code = `import { StreamedResult } from '${STREAMED_RESULT}'; let letGo = 0;
    const body = { [Symbol.asyncIterator]: () => body, return() { letGo += 1; throw new Error('late'); } };
    export const handler = async (event) => (event.bad ? new StreamedResult(body, 'a\\r\\nb: c') : letGo);`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const { json } = await host.invoke('{"bad":true}');
  assert.equal(json.errorType, 'Runtime.InvalidStreamingOperation');
  assert.equal((await host.invoke()).text, '1');
});

test('host shortens an error that is too large for trailers', async (t) => {
  const code = `export async function* handler() { yield 'part'; throw new Error('é'.repeat(10_000)); }`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const answer = await host.invoke();
  assert.match(errorOf(answer).errorMessage, /^é{1000,}$/);
  assert.ok(Object.entries(answer.trailers).join('\r\n').length < 4000);
});

test('host refuses a handler with a tag that nobody knows', async (t) => {
  const code = `export const handler = () => {};
    handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'request';`;
  const host = await startHost(t, { 'function.bundle.js': code });
  assert.equal(host.firstLine.errorType, 'Runtime.MalformedStreamingHandler');
});

test('host leaves the global awslambda out when it is told to', async (t) => {
  const code = 'export const handler = () => typeof awslambda;';
  const env = { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: 'true' };
  for (const [options, expected] of [
    [{ env }, '"undefined"'],
    [{}, '"object"'],
  ] as const) {
    const host = await startHost(t, { 'function.bundle.js': code }, options);
    assert.equal((await host.invoke()).text, expected);
  }
});

test('host runs streams at the same time, each to its own end', async (t) => {
  const code = `let go; const all = new Promise((resolve) => { go = resolve; });
    export async function* handler(event) { yield event; if (event === 'c') go(); await all; yield event; }`;
  const env = { AWS_LAMBDA_MAX_CONCURRENCY: '3' };
  const host = await startHost(t, { 'function.bundle.js': code }, { env });
  const answers = await Promise.all(['a', 'b', 'c'].map((event) => host.invoke(JSON.stringify(event))));
  assert.deepEqual(
    answers.map(({ text }) => text),
    ['aa', 'bb', 'cc'],
  );
});

for (const [kind, exported] of Object.entries({
  'plain handler': 'export const handler = async () => idle();',
  fetch: 'export default { fetch: idle };',
})) {
  test(`host cancels a Response of a ${kind} that has nothing to send when its reader is gone`, async (t) => {
    const code = `const idle = () => new Response(new ReadableStream({ cancel: () => console.log('cancelled') }));
      setInterval(() => {}, 1000); ${exported}`;
    const host = await startHost(t, { 'function.bundle.js': code }, { env: { PILOTLIGHT_STREAM: 'on' } });
    const lost = host.open(JSON.stringify(functionUrlEvent()));
    await once(lost, 'response');
    lost.destroy();
    assert.match(String(await host.output()), /cancelled/);
  });
}

test('host streams long answers of a server as they are, two at once', async (t) => {
  const code = `import { createServer } from 'node:http'; import { Readable } from 'node:stream';
    function* parts(name) { for (let part = 0; part < 1000; part++) yield (name + part).repeat(1000); }
    createServer(({ url }, response) => { Readable.from(parts(url)).pipe(response); }).listen(process.env.PORT);`;
  const env = { AWS_LAMBDA_MAX_CONCURRENCY: '2', PILOTLIGHT_STREAM: 'on' };
  const host = await startHost(t, { 'function.bundle.js': code }, { env });
  const paths = ['/a', '/b'];
  const answers = await Promise.all(
    paths.map((rawPath) => host.invoke(JSON.stringify(functionUrlEvent({ rawPath })))),
  );
  for (const [index, { text }] of answers.entries()) {
    const parts = Array.from({ length: 1000 }, (_, part) => `${paths[index]}${part}`.repeat(1000));
    assert.ok(text.slice(text.indexOf(NULS) + NULS.length) === parts.join(''), paths[index]);
  }
});

function errorOf({ trailers }: HostAnswer) {
  return JSON.parse(Buffer.from(trailers['lambda-runtime-function-error-body'] ?? '', 'base64').toString());
}
