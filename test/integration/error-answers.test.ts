import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

/** What a handler throws, and what its caller is told of it. */
const THROWN: Readonly<
  Record<string, readonly [code: string, errorType: string, errorMessage: string, category: string]>
> = {
  text: ["'text'", 'string', 'text', 'Function.Unknown'],
  empty: ["''", 'string', '', 'Function.Unknown'],
  null: ['null', 'object', 'null', 'Function.Unknown'],
  undefined: ['undefined', 'undefined', 'undefined', 'Function.Unknown'],
  number: ['42', 'number', '42', 'Function.Unknown'],
  symbol: ["Symbol('s')", 'symbol', 'Symbol(s)', 'Function.Unknown'],
  object: ['{ a: 1 }', 'object', '[object Object]', 'Function.Unknown'],
  frozen: ["Object.freeze(new TypeError('cold'))", 'TypeError', 'cold', 'Function.TypeError'],
  revoked: [
    '(({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {}))',
    'handled',
    'Cannot describe what was thrown: reading it throws',
    'Function.Unknown',
  ],
  getter: [
    "Object.defineProperty(new Error('m'), 'name', { get() { throw 1; } })",
    'handled',
    'Cannot describe what was thrown: reading it throws',
    'Function.Unknown',
  ],
  foreign: [`runInNewContext('new RangeError("far")')`, 'RangeError', 'far', 'Function.RangeError'],
  many: [
    "new AggregateError([new Error('one'), 2], 'many')",
    'AggregateError',
    'many',
    'Function.AggregateError',
  ],
  caused: ["new Error('outer', { cause: new Error('inner') })", 'Error', 'outer', 'Function.Error'],
  circle: [
    "(() => { const e = new Error('e'); e.cause = e; e.self = e; return e; })()",
    'Error',
    'e',
    'Function.Error',
  ],
  fields: [
    "Object.assign(new Error('m'), { code: 'E1', name: 'Http_404' })",
    'Http_404',
    'm',
    'Function.Http_404',
  ],
  delete: ["new Error('a\\x7fb')", 'Error', 'a%7Fb', 'Function.Error'],
  named: [
    "Object.assign(new Error('ü\\r\\nX: y'), { name: 'Ü\\r\\nX: y' })",
    'Ü\r\nX: y',
    'ü\r\nX: y',
    'Function.Unknown',
  ],
};

test('whatever a handler throws comes to its caller as one error, is logged once, and costs no worker', async (t) => {
  const throws = Object.entries(THROWN).map(([name, [code]]) => `${name}() { throw ${code}; }`);
  const { api, child, stdout } = await useBootstrap(t, {
    files: {
      'function.bundle.js': `import { runInNewContext } from 'node:vm';
        const thrown = { ${throws.join(', ')} };
        export const handler = async ({ name }) => name === undefined ? process.pid : thrown[name]();`,
    },
  });
  const { body: pid } = await api.send({ id: 'first' });
  for (const [name, [, errorType, errorMessage, category]] of Object.entries(THROWN)) {
    const post = await api.send({ id: name, body: JSON.stringify({ name }) });
    assert.match(post.path, /\/error$/);
    const { trace, ...error } = JSON.parse(String(post.body));
    assert.deepEqual(error, { errorType, errorMessage }, name);
    assert.ok(Array.isArray(trace));
    assert.equal(post.headers['lambda-runtime-function-error-type'], category, name);
    assert.equal(post.headers['lambda-runtime-function-xray-error-cause'], undefined);
  }
  assert.deepEqual((await api.send({ id: 'last' })).body, pid);
  child.kill('SIGTERM');
  const logged = (await stdout)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
  assert.deepEqual(
    logged.map(([, id, level, title, json]) => [id, level, title, JSON.parse(String(json)).errorType]),
    Object.entries(THROWN).map(([name, [, errorType]]) => [name, 'ERROR', 'Invoke Error', errorType]),
  );
});

const TRACE = 'Root=1-5e1b4151-5ac6c58f;Parent=53995c3f42cd8ad8';

for (const http of ['native', 'undici']) {
  test(`an error of an invocation whose trace is recorded carries its cause, below 64 KiB (${http})`, async (t) => {
    const { api } = await useBootstrap(t, {
      files: {
        'function.bundle.js': `Error.stackTraceLimit = 10_000;
          const deep = (left) => left > 0 ? deep(left - 1) : (() => { throw new Error('ü\\n\\x7f'.repeat(1_000)); })();
          export const handler = async ({ depth }) => deep(depth);`,
      },
      variables: { PILOTLIGHT_HTTP: http },
    });
    const causeOf = async (id: string, depth: number, trace: string) => {
      const headers = { 'Lambda-Runtime-Trace-Id': trace };
      const post = await api.send({ id, body: JSON.stringify({ depth }), headers });
      return post.headers['lambda-runtime-function-xray-error-cause'];
    };
    assert.equal(await causeOf('unsampled', 1, `${TRACE};Sampled=0`), undefined);
    for (const [id, depth] of [
      ['shallow', 3],
      ['deep', 2_000],
    ] as const) {
      const text = String(await causeOf(id, depth, `${TRACE};Sampled=1`));
      assert.match(text, /^[\x20-\x7e]+$/);
      assert.ok(text.length < 64 * 1024);
      const { exceptions, paths } = JSON.parse(text);
      assert.equal(exceptions.length, 1);
      assert.ok(exceptions[0].stack.length > Math.min(depth, 100));
      assert.match(exceptions[0].stack[0].path, /^\/.*function\.bundle\.js$/);
      assert.ok(paths.includes(exceptions[0].stack[0].path));
    }
  });
}
