import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type BootstrapRequest, type TestBootstrap, useBootstrap } from '../helpers/use-bootstrap.ts';
import { useGate } from '../helpers/use-gate.ts';

/** The time of an invocation, and of it the part in which it is looked at: long, since machines that test are slow. */
const TIMEOUT_MS = 3_000;
const VARIABLES = {
  PILOTLIGHT_DEADLINE_LOOK_MS: '2700',
  PILOTLIGHT_DEADLINE_MARGIN_MS: '400',
};
const FORMS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['overlap, native', {}],
  ['node, undici', { PILOTLIGHT_LAUNCH: 'node', PILOTLIGHT_HTTP: 'undici' }],
];

interface TimedOut {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

const deadline = () => ({ 'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS) });

/** Starts a function whose handler hangs on `hang`, and gives its process id on anything else. */
async function useHanging(t: TestContext, code: string, request: Partial<BootstrapRequest> = {}) {
  const bootstrap = await useBootstrap(t, {
    ...request,
    files: {
      'function.bundle.js': `let calls = 0;\nexport const handler = async (event) => {
  calls += 1;
  if (event === 'hang') await hang();
  return { pid: process.pid, calls };
};\n${code}`,
    },
    variables: { ...VARIABLES, ...request.variables },
  });
  // The time of an invocation is not to go by before it begins.
  await bootstrap.api.polled();
  return bootstrap;
}

async function hang({ api }: TestBootstrap): Promise<TimedOut> {
  const post = await api.send({ id: 'hang', body: '"hang"', headers: deadline() });
  assert.match(post.path, /hang\/error$/);
  assert.equal(post.headers['lambda-runtime-function-error-type'], 'Sandbox.Timedout');
  const error = JSON.parse(String(post.body)) as TimedOut;
  assert.equal(error.errorType, 'Sandbox.Timedout');
  assert.match(error.errorMessage, /^Task timed out after 3\.00 seconds: /);
  return error;
}

// Most of their time they wait.
suite('deadlines', { concurrency: 3 }, () => {
  for (const [form, variables] of FORMS) {
    test(`an endless loop is told by its line, and the next call finds nothing of it (${form})`, async (t) => {
      const bootstrap = await useHanging(t, 'function hang() {\n  for (;;) ;\n}', { variables });
      const first = JSON.parse(String((await bootstrap.api.send({ id: 'a', headers: deadline() })).body));
      const { errorMessage } = await hang(bootstrap);
      assert.match(errorMessage, /the code stands at hang \(.*function\.bundle\.js:8:3\)/);
      const next = JSON.parse(String((await bootstrap.api.send({ id: 'b', headers: deadline() })).body));
      assert.notEqual(next.pid, first.pid);
      assert.equal(next.calls, 1);
      assert.equal(bootstrap.api.posts.length, 3);
    });
  }

  const BUNDLE = '\\/function\\.bundle\\.js';
  const STUCK: Readonly<Record<string, { code: string; message: RegExp; trace?: RegExp }>> = {
    'a catastrophic regular expression': {
      code: `function hang() {\n  /^(a+)+$/.test('a'.repeat(60) + 'b');\n}`,
      message: new RegExp(`stands at hang \\(.*${BUNDLE}:8:13\\)`),
      trace: /at RegExp\.test/,
    },
    'Atomics.wait': {
      code: 'function hang() {\n  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n}',
      message: new RegExp(`stands at hang \\(.*${BUNDLE}:8:11\\)`),
      trace: /at Atomics\.wait/,
    },
    'a promise that never settles': {
      code: 'function hang() {\n  setInterval(() => {}, 60_000);\n  return new Promise(() => {});\n}',
      message: new RegExp(`handler at .*${BUNDLE}:2:24 has not settled, pending: a timer`),
      trace: /event loop lag: \d+ ms/,
    },
    'a promise that never settles, with its awaits traced': {
      code: '//asyncTrace\nfunction hang() {\n  setInterval(() => {}, 60_000);\n  return new Promise(() => {});\n}',
      message: new RegExp(`awaits at handler \\(.*${BUNDLE}:4:\\d+\\), pending: a timer`),
    },
    'a synchronous child process': {
      code: `import { execFileSync } from 'node:child_process';\nfunction hang() {\n  execFileSync('/bin/sleep', ['3600']);\n}`,
      message: new RegExp(`stands at .*${BUNDLE}:9:3, in the process "/bin/sleep 3600" \\(\\d+\\)`),
    },
    'a blocked synchronous read': {
      code: `import { execFileSync } from 'node:child_process';
import { openSync, readSync } from 'node:fs';
function hang() {
  const fifo = process.env.TMPDIR + '/fifo';
  execFileSync('/usr/bin/mkfifo', [fifo]);
  readSync(openSync(fifo, 'r+'), Buffer.alloc(1));
}`,
      message: new RegExp(`stands at .*${BUNDLE}:12:3, in read of \\S*/fifo`),
    },
    'a long call of native code': {
      code: `import { pbkdf2Sync } from 'node:crypto';\nfunction hang() {\n  pbkdf2Sync('a', 'b', 1_000_000_000, 64, 'sha512');\n}`,
      message: new RegExp(`stands at .*${BUNDLE}:9:3`),
    },
    'a blocked synchronous open': {
      code: `import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
function hang() {
  const fifo = process.env.TMPDIR + '/fifo';
  execFileSync('/usr/bin/mkfifo', [fifo]);
  readFileSync(fifo, 'utf8');
}`,
      message: new RegExp(`stands at .*${BUNDLE}:12:3, in openat of "\\S*/fifo"`),
    },
  };

  for (const [what, { code, message, trace }] of Object.entries(STUCK)) {
    test(`${what} is told by its place`, async (t) => {
      const variables = { PILOTLIGHT_ASYNC_TRACE: code.startsWith('//asyncTrace') ? 'on' : 'off' };
      const bootstrap = await useHanging(t, code, { variables });
      const error = await hang(bootstrap);
      assert.match(error.errorMessage, message);
      if (trace !== undefined) assert.match(error.trace.join('\n'), trace);
    });
  }

  test('a server that never answers is told by its address, and the next timeout by the line of the await', async (t) => {
    const gate = await useGate(t);
    const port = new URL(gate.url).port;
    const bootstrap = await useHanging(
      t,
      `import { request } from 'node:http';
function query() {
  return new Promise((resolve) => request('${gate.url}', resolve).end());
}
async function hang() {
  await query();
}`,
    );
    const first = await hang(bootstrap);
    assert.match(
      first.errorMessage,
      new RegExp(`handler at .*${BUNDLE}:2:24 .*Socket to 127\\.0\\.0\\.1:${port}`),
    );
    const second = await hang(bootstrap);
    assert.match(
      second.errorMessage,
      new RegExp(`awaits at handler \\(.*${BUNDLE}:4:\\d+\\), pending: Socket`),
    );
    assert.match(second.trace.join('\n'), new RegExp(`await: hang \\(.*${BUNDLE}:12:\\d+\\)`));
  });

  for (const [form, variables] of FORMS) {
    test(`a call that ends between look and margin has its own answer (${form})`, async (t) => {
      const code = `async function hang() {
  const { url } = process.getBuiltinModule('node:inspector');
  for (const isOpen of [false, true])
    while ((url() !== undefined) !== isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
}`;
      const { api, child, stderr } = await useHanging(t, code, { variables });
      const first = await api.send({ id: 'hang', body: '"hang"', headers: deadline() });
      assert.match(first.path, /hang\/response$/);
      // The same worker goes on, and is looked at a second time.
      const second = await api.send({ id: 'again', body: '"hang"', headers: deadline() });
      assert.equal(JSON.parse(String(second.body)).pid, JSON.parse(String(first.body)).pid);
      child.kill('SIGTERM');
      assert.doesNotMatch(stderr(), /ebugger/);
    });
  }

  test('with a margin of 0 the log is told, and nothing is done to the invocation', async (t) => {
    const code = `async function hang() {
  await new Promise((resolve) => setTimeout(resolve, ${TIMEOUT_MS + 200}));
}`;
    const variables = { PILOTLIGHT_DEADLINE_MARGIN_MS: '0' };
    const { api, stderr } = await useHanging(t, code, { variables });
    const post = await api.send({ id: 'hang', body: '"hang"', headers: deadline() });
    assert.match(post.path, /hang\/response$/);
    assert.match(stderr(), /pilotlight warn hang Task timed out after 3\.00 seconds: .*pending: a timer/);
  });

  test('a stream that is not over at its deadline ends with the error in its trailers', async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('begun');
  for (;;) await new Promise((resolve) => setTimeout(resolve, 60_000));
});`,
      },
      variables: VARIABLES,
    });
    await api.polled();
    const post = await api.send({ id: 'a', headers: deadline() });
    assert.equal(String(post.body), 'begun');
    assert.equal(post.trailers['lambda-runtime-function-error-type'], 'Sandbox.Timedout');
  });

  for (const [what, code, variables] of [
    ['takes no signal', '', { NODE_OPTIONS: '--disable-sigusr1' }],
    ['answers the signal itself', `process.on('SIGUSR1', () => {});\n`, {}],
  ] as const) {
    test(`a worker that ${what} is given up in time, and the next call is served`, async (t) => {
      const bootstrap = await useHanging(t, `${code}function hang() {\n  for (;;) ;\n}`, { variables });
      const post = await bootstrap.api.send({ id: 'hang', body: '"hang"', headers: deadline() });
      assert.match(JSON.parse(String(post.body)).errorMessage, /^Task timed out after 3\.00 seconds/);
      const next = await bootstrap.api.send({ id: 'b', headers: deadline() });
      assert.equal(JSON.parse(String(next.body)).calls, 1);
    });
  }
});
