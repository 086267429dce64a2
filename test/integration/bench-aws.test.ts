import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { Output } from '../../runtime/cli/output.ts';
import type { Call } from '../../runtime/cli/verb.ts';
import type { AwsResult } from '../bench/aws/aws-result.ts';
import { measureFunction } from '../bench/aws/measure-function.ts';
import { runAws } from '../bench/aws/run-aws.ts';
import { Histogram } from '../bench/histogram.ts';
import { type TestLambda, useLocalLambda } from '../helpers/use-local-lambda.ts';
import type { Cleaner } from '../helpers/use-tmp.ts';

const ECHO = 'export const handler = (event) => event;';
/** Fails each third time. */
const MOODY = `let count = 0;
export const handler = (event) => { if (++count % 3 === 0) throw new Error('in a mood'); return event; };`;
const BROKEN = `export const handler = () => { throw new Error('always'); };`;

describe('pilotlight bench --aws', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let lambda: TestLambda;
  before(async () => {
    const files = (code: string) => ({ files: { 'function.bundle.js': code } });
    const functions = { echo: files(ECHO), moody: files(MOODY), broken: files(BROKEN), again: files(ECHO) };
    lambda = await useLocalLambda({ after: (end) => ends.unshift(end) }, functions, { maxEnvironments: 1 });
  });

  after(async () => {
    for (const end of ends) await end();
  });

  const measure = (name: string, endpoint = lambda.url) =>
    measureFunction(
      { name, endpoint, signal: new AbortController().signal },
      {},
      { event: Buffer.from('{"a":1}'), invocations: 20, warmUp: 2 },
    );

  test('keeps the cold start apart and measures the warm invocations by both clocks', async () => {
    const { warm, cold, ...rest } = await measure('echo');
    assert.equal(warm.invocations, 20);
    const [platform, roundTrip] = [warm.platform, warm.roundTrip].map(Histogram.decode);
    assert.deepEqual([platform?.count, roundTrip?.count], [20, 20]);
    assert.ok((roundTrip?.percentile(50) ?? 0) > (platform?.percentile(50) ?? 0));
    assert.ok(warm.billedMs >= 20);
    assert.equal(cold.length, 1);
    assert.ok((cold[0]?.initMs ?? 0) > 0);
    assert.deepEqual(
      [rest.eventBytes, rest.memorySizeMB, rest.functionErrors, rest.throttles],
      [7, 256, 0, 0],
    );
    assert.ok(rest.maxMemoryMB > 0);
  });

  test('counts the errors of the function and leaves their times out', async () => {
    const { warm, functionErrors } = await measure('moody');
    assert.equal(warm.invocations, 20);
    assert.ok(functionErrors >= 10, `${functionErrors}`);
  });

  test('gives up on a function that only fails', async () => {
    const { warm, functionErrors } = await measure('broken');
    assert.deepEqual([warm.invocations, functionErrors], [0, 10]);
  });

  test('counts what the service throttled, and does not try it again unseen', async (t) => {
    const { url, refused } = await useThrottling(t, lambda.url);
    const { warm, throttles } = await measure('echo', url);
    assert.deepEqual([warm.invocations, throttles], [20, refused()]);
    assert.ok(throttles > 0);
  });

  test('fails for a function that is not there', async () => {
    await assert.rejects(measure('nobody'), { code: 'CANNOT' });
  });

  const run = async (values: Call['values']) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    // Output only writes, which is all the two have in common.
    const streams = [stdout, stderr] as unknown as [NodeJS.WriteStream, NodeJS.WriteStream];
    const output = new Output({ json: values.json === true }, ...streams);
    const all = { aws: 'again', 'endpoint-url': lambda.url, invocations: '5', ...values };
    const call = { positionals: [], values: all, output, signal: new AbortController().signal };
    const code = await runAws(call, {}).finally(() => stdout.end());
    return { code, printed: await text(stdout) };
  };

  test('prints a table', async () => {
    const { code, printed } = await run({});
    assert.equal(code, 0);
    assert.match(printed, /^"again" at http:/);
    assert.match(printed, /## Warm invocations \(5\), ms\n\n\| time +\| +p50 \|/);
    assert.match(printed, /\n\| duration \(platform\) +\| +[\d.]+ \|/);
    assert.match(
      printed,
      /\nmemory \d+ of 256 MB, billed \d+ ms for the warm ones, function errors 0, throttled 0\n$/,
    );
  });

  test('prints its figures with --json', async () => {
    const { code, printed } = await run({ json: true, event: '[1]' });
    const result = JSON.parse(printed) as AwsResult;
    assert.deepEqual(
      [code, result.format, result.version, result.eventBytes],
      [0, 'pilotlight-bench-aws', 1, 3],
    );
  });

  test('refuses an event that is no JSON, and says with 1 that the function failed', async () => {
    await assert.rejects(run({ event: '{' }), { code: 'USAGE' });
    assert.equal((await run({ aws: 'broken' })).code, 1);
  });
});

/** A Lambda API that refuses every fourth invocation as throttled and passes the others on. */
async function useThrottling(t: Cleaner, url: string) {
  let count = 0;
  let refused = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    if (count % 4 === 0) {
      refused += 1;
      incoming.resume();
      outgoing.writeHead(429, {
        'x-amzn-errortype': 'TooManyRequestsException',
        'content-type': 'application/json',
      });
      outgoing.end(
        '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}',
      );
      return;
    }
    const { method, headers, url: path } = incoming;
    const onward = request(new URL(path ?? '/', url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused: () => refused };
}
