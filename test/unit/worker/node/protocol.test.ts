import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseGoLine } from '../../../../worker/node/go-line.ts';
import { startHost } from './start-host.ts';

const FUNCTION = {
  'function.bundle.js': 'export const handler = async (event, context) => context.awsRequestId;',
};
const GO = { kind: 'go', protocol: 1, socket: '/s', token: 't', folder: '/f', handler: 'h', parts: {} };

test('parseGoLine() takes a go line and leaves out what it does not know', () => {
  assert.deepEqual(parseGoLine(JSON.stringify({ ...GO, later: 1 })), GO);
  const traced = { ...GO, asyncTrace: true };
  assert.deepEqual(parseGoLine(JSON.stringify(traced)), traced);
});

test('parseGoLine() refuses lines that are no go line', () => {
  for (const line of ['', '{', 'null', '1']) {
    assert.throws(() => parseGoLine(line), { errorType: 'Runtime.WorkerStartFailed' });
  }
  for (const change of [
    { kind: 'stop' },
    { socket: 1 },
    { token: '' },
    { folder: undefined },
    { handler: null },
  ]) {
    const line = JSON.stringify({ ...GO, ...change });
    assert.throws(() => parseGoLine(line), { errorType: 'Runtime.WorkerStartFailed' });
  }
});

test('host refuses another protocol version and names both, and the part to update', async (t) => {
  const host = await startHost(t, FUNCTION, { goLine: () => JSON.stringify({ ...GO, protocol: 2 }) });
  assert.equal(host.firstLine.errorType, 'Runtime.ProtocolMismatch');
  assert.match(
    String(host.firstLine.errorMessage),
    /protocol 2, this host 1; update the runtime layer that brings the host$/,
  );
  assert.equal((await host.exit).code, 1);
});

test('host that cannot listen says so', async (t) => {
  const goLine = (folder: string) =>
    JSON.stringify({ ...GO, folder, handler: 'handler', socket: join(folder, 'none/s.sock') });
  const host = await startHost(t, FUNCTION, { goLine });
  assert.equal(host.firstLine.errorType, 'Runtime.WorkerStartFailed');
});

test('host answers 403 without the right token and 404 for what it does not know', async (t) => {
  const host = await startHost(t, FUNCTION);
  const token = { 'pilotlight-token': host.token };
  const status = async (method: string, path: string, headers: Record<string, string>) =>
    (await host.send(method, path, headers)).status;
  assert.equal(await status('POST', '/invocations/a', {}), 403);
  assert.equal(await status('POST', '/invocations/a', { 'pilotlight-token': `${host.token}x` }), 403);
  assert.equal(
    await status('POST', '/invocations/a', { 'pilotlight-token': 'x'.repeat(host.token.length) }),
    403,
  );
  assert.equal(await status('POST', '/invocations/a', token), 200);
  assert.equal(await status('GET', '/invocations/a', token), 404);
  assert.equal(await status('POST', '/invocations/', token), 404);
  assert.equal(await status('POST', '/invocations/%zz', token), 404);
  assert.equal(await status('POST', '/', token), 404);
  assert.equal(await status('POST', '/shutdown', token), 200);
});

test('host decodes the request id and takes headers of more than 64 kB', async (t) => {
  const host = await startHost(t, FUNCTION);
  const headers = {
    'pilotlight-token': host.token,
    'lambda-runtime-client-context': JSON.stringify('x'.repeat(100_000)),
  };
  assert.equal((await host.send('POST', '/invocations/a%2Fb%20c', headers, '{}')).text, '"a/b c"');
});

test('host replaces a stale socket with one that only its owner can use', async (t) => {
  const host = await startHost(t, FUNCTION, { staleSocket: true });
  assert.equal(statSync(host.socketPath).mode & 0o777, 0o600);
  assert.equal((await host.invoke()).text, '"id-1"');
});

test('host keeps a connection whose client pauses between two halves of a request', async (t) => {
  const host = await startHost(t, FUNCTION);
  const socket = connect(host.socketPath);
  t.after(() => socket.destroy());
  const answers = socket.setEncoding('latin1').iterator({ destroyOnReturn: false });
  const read = async (): Promise<string> => String((await answers.next()).value);
  const head = `POST /invocations/half HTTP/1.1\r\nHost: worker\r\nPilotlight-Token: ${host.token}\r\nContent-Length: 2\r\n\r\n{`;
  socket.write(head);
  // Another whole invocation happens meanwhile, so the halves certainly arrive apart.
  assert.equal((await host.invoke()).text, '"id-1"');
  socket.write('}');
  assert.match(await read(), /^HTTP\/1\.1 200 OK[\s\S]*"half"$/);
  socket.write(`${head}}`);
  assert.match(await read(), /"half"$/);
});

test("function's children do not get the host's descriptors, its standard input is empty", async (t) => {
  const code = `import { spawnSync } from 'node:child_process'; import { text } from 'node:stream/consumers';
    const list = "console.log(JSON.stringify(require('fs').readdirSync('/proc/self/fd').map((fd) => { try { return require('fs').readlinkSync('/proc/self/fd/' + fd) } catch { return '' } })))";
    export const handler = async () => ({
      stdin: await text(process.stdin), isTTY: process.stdin.isTTY ?? null,
      child: JSON.parse(spawnSync(process.execPath, ['-e', list], { stdio: ['ignore', 'pipe', 'ignore'] }).stdout) });`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const { stdin, child } = (await host.invoke()).json as { stdin: string; child: readonly string[] };
  assert.equal(stdin, '');
  const lines = statSync(join('/proc', String(host.pid), 'fd/3')).ino;
  assert.ok(readdirSync(join('/proc', String(host.pid), 'fd')).includes('3'));
  assert.ok(!child.includes(`socket:[${lines}]`), child.join());
});
