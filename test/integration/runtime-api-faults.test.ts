import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import type { DeliveryResult } from '../chaos/delivery.ts';
import { startEnvironment } from '../chaos/environment.ts';
import type { Fault } from '../chaos/fault.ts';
import { apiRestarts } from '../chaos/faults/api-restarts.ts';
import { largeEventByHalf } from '../chaos/faults/large-event-by-half.ts';
import { functionBundle } from '../chaos/function-bundle.ts';
import { startPlatform } from '../chaos/platform.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const STREAM = {
  'function.bundle.js': `export async function* handler() { yield 'a'; yield 'b'; }`,
};
const ECHO = { 'function.bundle.js': 'export const handler = (event) => event;' };
/** Flows through the bootstrap. */
const LARGE = 'x'.repeat(300_000);
/** Longer than the first tries take together, shorter than all of them. */
const RESTART_MS = 400;

for (const variables of [{}, { PILOTLIGHT_PIPELINE: 'on' }, { PILOTLIGHT_HTTP: 'undici' }]) {
  const label = Object.entries(variables).flat().join('=') || 'by default';

  test(`a large event that breaks off is asked for again, and its worker goes on, ${label}`, async () => {
    const { answers, stderr } = await serve(variables, [largeEventByHalf, undefined], LARGE);
    assert.deepEqual(
      answers.map(({ verb }) => verb),
      ['response', 'response'],
    );
    assert.doesNotMatch(stderr, /is replaced|WORKER_/);
  });

  test(`an answer waits for a Runtime API that starts again, ${label}`, async () => {
    const { answers } = await serve(variables, [apiRestarts, undefined], 'small', RESTART_MS);
    assert.deepEqual(
      answers.map(({ verb }) => verb),
      ['response', 'response'],
    );
  });

  test(`the bootstrap ends with 1 when the Runtime API is gone for good, and says so, ${label}`, async (t) => {
    const { authority, close } = await useVanishingApi(t);
    const { exited, stderr } = await useBootstrap(t, { files: ECHO, variables, authority: () => authority });
    await close;
    assert.equal(await exited, 1);
    assert.match(stderr(), /PLATFORM_REFUSED Cannot reach .*ECONNREFUSED/);
  });

  test(`a stream that is cut before Lambda took it is told as an error, ${label}`, async (t) => {
    const { api } = await useBootstrap(t, { files: STREAM, variables });
    api.takers.push((request) => request.socket.resetAndDestroy());
    const post = await api.send({ id: 'a' });
    assert.match(post.path, /\/a\/error$/);
    assert.equal(post.headers['lambda-runtime-function-error-type'], 'Runtime.ResultCutOff');
    assert.equal(String((await api.send({ id: 'b' })).body), 'ab');
  });
}

test('a large event that breaks off each time is told as an error at the third', async (t) => {
  const { authority, polls, posted } = await useBreakingApi(t);
  await useBootstrap(t, { files: ECHO, authority: () => authority });
  const { url, body } = await posted;
  assert.match(url, /\/a\/error$/);
  assert.equal(JSON.parse(body).errorType, 'Runtime.EventCutOff');
  assert.equal(polls(), 3);
});

/** Sends one event after the other with the fault that each is to have. */
async function serve(
  variables: Readonly<Record<string, string>>,
  faults: readonly (Fault | undefined)[],
  text: string,
  pauseMs = 1,
): Promise<{ answers: readonly DeliveryResult['answer'][]; stderr: string }> {
  const platform = await startPlatform();
  const environment = await startEnvironment(platform.authority, functionBundle([]), {
    PILOTLIGHT_LOG: 'debug',
    ...variables,
  });
  const answers = [];
  for (const [n, fault] of faults.entries()) {
    const invocation = { id: `id-${n}`, event: { n, text }, faults: fault ? [fault] : [], pauseMs };
    answers.push((await platform.invoke(invocation, environment)).answer);
  }
  await platform.polled();
  const { stderr, ran, exit } = await environment.end('SIGTERM');
  await platform.close();
  assert.deepEqual([exit, ran, platform.violations], [0, faults.map((_, n) => `id-${n}`), []]);
  return { answers, stderr };
}

/** A Runtime API that hands out one event and goes, connections and all. */
async function useVanishingApi(t: TestContext) {
  const closed = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'lambda-runtime-aws-request-id': 'a' }).end('1', () => {
      server.close(() => closed.resolve());
      server.closeAllConnections();
    });
  });
  return { authority: await listen(t, server), close: closed.promise };
}

/** A Runtime API whose one event always breaks off. */
async function useBreakingApi(t: TestContext) {
  const posted = Promise.withResolvers<{ url: string; body: string }>();
  let polls = 0;
  const server = createServer(async (request: IncomingMessage, response) => {
    if (request.method === 'POST') {
      posted.resolve({ url: request.url ?? '', body: String(await buffer(request)) });
      response.writeHead(202).end();
      return;
    }
    if (++polls > 3) return;
    response.writeHead(200, { 'lambda-runtime-aws-request-id': 'a', 'content-length': LARGE.length + 1 });
    response.write(LARGE, () => response.socket?.destroy());
  });
  return { authority: await listen(t, server), polls: () => Math.min(polls, 3), posted: posted.promise };
}

async function listen(t: TestContext, server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
