import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionUrlEvent, functionUrlPost } from '../web/http-events.ts';
import { type StartOptions, startHost, type TestHost } from './start-host.ts';

const FETCH = 'fetch: () => new Response("fetch")';
const SERVE = 'http.createServer((_, answer) => answer.end("http")).listen(process.env.PORT)';
const IMPORT = 'import http from "node:http";';
const GET = JSON.stringify(functionUrlEvent());

/** What answers an HTTP event, a handler being asked for its result. */
const FOUND: Readonly<
  Record<string, readonly [answer: string, files: Record<string, string>, kind?: string]>
> = {
  'fetch of the default export': ['fetch', { 'function.bundle.js': `export default { ${FETCH} }` }],
  'fetch of CommonJS': ['fetch', { 'function.bundle.js': `module.exports = { ${FETCH} }` }],
  'fetch of a compiled CommonJS default': [
    'fetch',
    { 'function.bundle.js': `exports.__esModule = true; exports.default = { ${FETCH} }` },
  ],
  'fetch that needs its object': [
    'fetch',
    {
      'function.bundle.js':
        'export default new (class { a = "fetch"; fetch() { return new Response(this.a) } })',
    },
  ],
  'fetch of a function': [
    'fetch',
    { 'function.bundle.js': `export default Object.assign(() => ({ body: "handler" }), { ${FETCH} })` },
  ],
  'handler before fetch': [
    'handler',
    {
      'function.bundle.js': `export const handler = () => ({ body: "handler" }); export default { ${FETCH} }`,
    },
  ],
  'fetch before handler where it is asked for': [
    'fetch',
    {
      'function.bundle.js': `export const handler = () => ({ body: "handler" }); export default { ${FETCH} }`,
    },
    'fetch',
  ],
  'handler where it is asked for': [
    'handler',
    { 'function.bundle.js': `export default Object.assign(() => ({ body: "handler" }), { ${FETCH} })` },
    'handler',
  ],
  'server on PORT': ['http', { 'function.bundle.js': `${IMPORT}${SERVE}` }],
  'server on the socket': [
    'http',
    { 'function.bundle.js': `${IMPORT}${SERVE.replace('PORT', 'PILOTLIGHT_SOCKET')}` },
  ],
  'server of CommonJS': ['http', { 'function.bundle.js': `const http = require("node:http"); ${SERVE}` }],
  'server that listens later': [
    'http',
    { 'function.bundle.js': `${IMPORT}setTimeout(() => ${SERVE}, 20); export {}` },
  ],
  'server behind another one': [
    'http',
    { 'function.bundle.js': `${IMPORT}http.createServer().listen(0, () => ${SERVE})` },
  ],
  'server in a process that the function starts': [
    'http',
    {
      'function.bundle.js': `import { spawn } from 'node:child_process';
        spawn(process.execPath, ['server.cjs'], { cwd: import.meta.dirname, stdio: ['pipe', 'inherit', 'inherit'] })`,
      'server.cjs': `const http = require("node:http"); ${SERVE}; process.stdin.resume().on("end", process.exit)`,
    },
  ],
  'server on localhost': [
    'http',
    {
      'function.bundle.js': `${IMPORT}${SERVE.replace('process.env.PORT', '{ port: process.env.PORT, host: "localhost" }')}`,
    },
  ],
  'server whose app is the default export': [
    'http',
    { 'function.bundle.js': `${IMPORT}${SERVE}; export default () => ({ body: "handler" })` },
  ],
  'server before a handler where it is asked for': [
    'http',
    { 'function.bundle.js': `${IMPORT}${SERVE}; export const handler = () => ({ body: "handler" })` },
    'http',
  ],
  'handler before a server': [
    'handler',
    { 'function.bundle.js': `${IMPORT}${SERVE}; export const handler = () => ({ body: "handler" })` },
  ],
};

const start = (t: Parameters<typeof startHost>[0], files: Record<string, string>, kind?: string) => {
  const options: StartOptions = kind === undefined ? {} : { env: { PILOTLIGHT_KIND: kind } };
  return startHost(t, files, options);
};

async function get(host: TestHost): Promise<unknown> {
  assert.equal(host.firstLine.kind, 'ready', JSON.stringify(host.firstLine));
  const answer = await host.invoke(GET);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.body;
}

for (const [name, [answer, files, kind]] of Object.entries(FOUND)) {
  test(`function is served: ${name}`, async (t) => {
    const host = await start(t, files, kind);
    for (const _ of [1, 2]) assert.equal(await get(host), answer);
  });
}

const FAILED: Readonly<
  Record<string, readonly [errorType: string, message: RegExp, code: string, kind?: string]>
> = {
  'nothing of all': ['Runtime.HandlerNotFound', /"fetch".*no server listens/, 'export const other = 1'],
  'default object without fetch': [
    'Runtime.HandlerNotFound',
    /default export with "fetch"/,
    'export default {}',
  ],
  'no fetch where one is asked for': [
    'Runtime.HandlerNotFound',
    /no "fetch"/,
    'export const handler = () => {}',
    'fetch',
  ],
  'no handler where one is asked for': [
    'Runtime.HandlerNotFound',
    /undefined or not exported/,
    `export default { ${FETCH} }`,
    'handler',
  ],
  'no server where one is asked for': [
    'Runtime.ServerNotListening',
    /no server listens on process\.env\.PORT, which is 2\d{4}/,
    'export const handler = () => {}',
    'http',
  ],
  'server that ends before it listens': [
    'Runtime.ServerNotListening',
    /nothing is left/,
    `${IMPORT}http.createServer()`,
    'http',
  ],
  'port that is taken': [
    'Error',
    /EADDRINUSE/,
    `${IMPORT}http.createServer().listen(0, function () { http.createServer().listen(this.address().port) })`,
    'http',
  ],
  'unknown kind': ['Runtime.SettingInvalid', /PILOTLIGHT_KIND="web"/, 'export const handler = 1', 'web'],
};

for (const [name, [errorType, message, code, kind]] of Object.entries(FAILED)) {
  test(`init error: ${name}`, async (t) => {
    const host = await start(t, { 'function.bundle.js': code }, kind);
    assert.equal(host.firstLine.errorType, errorType, JSON.stringify(host.firstLine));
    assert.match(String(host.firstLine.errorMessage), message);
  });
}

test('init error: stream setting that is neither on nor off', async (t) => {
  const files = { 'function.bundle.js': `export default { ${FETCH} }` };
  const host = await startHost(t, files, { env: { PILOTLIGHT_STREAM: 'yes' } });
  assert.match(String(host.firstLine.errorMessage), /PILOTLIGHT_STREAM="yes": expected off, on$/);
});

test('init error names where a server listens that is not on PORT', async (t) => {
  const code = `${IMPORT}http.createServer().listen(0, function () { this.unref() })`;
  const host = await start(t, { 'function.bundle.js': code }, 'http');
  assert.match(String(host.firstLine.errorMessage), /one does on port \d+/);
});

test('plain handler sees neither PORT nor PILOTLIGHT_SOCKET, unless it has set one', async (t) => {
  const code = 'export const handler = () => [process.env.PORT, process.env.PILOTLIGHT_SOCKET]';
  const plain = await startHost(t, { 'function.bundle.js': code });
  assert.deepEqual((await plain.invoke()).json, [null, null]);
  const own = await startHost(t, { 'function.bundle.js': code }, { env: { PORT: '3000' } });
  assert.deepEqual((await own.invoke()).json, ['3000', null]);
});

for (const [name, code] of Object.entries({
  'the export "event"': `export const event = ({ n }) => n + 1; export default { ${FETCH} }`,
  'the method "event" of the default export': `export default { ${FETCH}, one: 1, event({ n }) { return n + this.one } }`,
})) {
  test(`fetch function gets other events by ${name}`, async (t) => {
    const host = await start(t, { 'function.bundle.js': code });
    assert.equal((await host.invoke('{"n":1}')).json, 2);
    assert.equal(await get(host), 'fetch');
  });
}

test('fetch function that never answers is Runtime.NodeJsExit', async (t) => {
  const code = 'export default { fetch: () => new Promise(() => {}) }';
  const host = await start(t, { 'function.bundle.js': code });
  const headers = { 'lambda-runtime-deadline-ms': String(Date.now() + 60_000) };
  assert.equal((await host.invoke(GET, headers)).json.errorType, 'Runtime.NodeJsExit');
});

test('server that throws while it answers costs the invocation an error, and the process', async (t) => {
  const code = `${IMPORT}http.createServer(() => { throw new RangeError('mine') }).listen(process.env.PORT)`;
  const host = await start(t, { 'function.bundle.js': code });
  const answer = await host.invoke(JSON.stringify(functionUrlPost('x')));
  assert.equal(answer.json.errorType, 'RangeError');
  assert.equal(answer.headers['pilotlight-replace'], '1');
});
