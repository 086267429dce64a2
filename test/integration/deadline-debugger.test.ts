import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectWebSocket } from '../../runtime/deadline/node/web-socket.ts';
import { untilSaid } from '../helpers/until-said.ts';
import { type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';

const TIMEOUT_MS = 3_000;
const deadline = () => ({ 'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS) });
const ADDRESS = /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)(\/\S+)/;

interface FromDebugger {
  readonly id?: number;
  readonly method?: string;
}

/** A developer's debugger on the worker. */
async function attach(t: TestContext, { stderr }: TestBootstrap) {
  const [, port, path] = ADDRESS.exec(stderr()) ?? [];
  const paused = Promise.withResolvers<void>();
  const calls: PromiseWithResolvers<void>[] = [];
  const link = await connectWebSocket(Number(port), path as string, (text) => {
    const { id, method } = JSON.parse(text) as FromDebugger;
    if (id !== undefined) calls[id]?.resolve();
    if (method === 'Debugger.paused') paused.resolve();
  });
  t.after(() => link.close());
  const call = (method: string): Promise<void> => {
    const called = Promise.withResolvers<void>();
    link.send(JSON.stringify({ id: calls.push(called) - 1, method }));
    return called.promise;
  };
  await call('Debugger.enable');
  return { paused: paused.promise, call };
}

for (const [form, variables] of [
  ['one at a time', {}],
  ['Managed Instances', { AWS_LAMBDA_MAX_CONCURRENCY: '2' }],
] as const) {
  test(`a worker whose debugger has stopped the code past its deadline lives on, and the log is told where it stands (${form})`, async (t) => {
    const bootstrap = await useBootstrap(t, {
      files: {
        'function.bundle.js': `export const handler = async (event) => {
  if (event === 'stop') stop();
  return process.pid;
};
function stop() {
  debugger;
}`,
      },
      variables: { PILOTLIGHT_INSPECT: '0', PILOTLIGHT_DEADLINE_LOOK_MS: '2700', ...variables },
    });
    const { api } = bootstrap;
    await api.polled();
    const pid = String((await api.send({ id: 'a', headers: deadline() })).body);
    const developer = await attach(t, bootstrap);
    const stopped = api.send({ id: 'stop', body: '"stop"', headers: deadline() });
    await developer.paused;
    await untilSaid(bootstrap, 'pilotlight warn stop Task timed out');
    assert.match(
      bootstrap.stderr(),
      /Task timed out after 3\.00 seconds: the code stands at stop \(.*:6:3\)/,
    );
    await developer.call('Debugger.resume');
    const late = await stopped;
    assert.match(late.path, /stop\/response$/);
    assert.equal(String(late.body), pid);
    assert.equal(String((await api.send({ id: 'b', headers: deadline() })).body), pid);
    // The look has left the developer's session open.
    await developer.call('Debugger.disable');
    assert.equal(api.posts.length, 3);
  });
}
