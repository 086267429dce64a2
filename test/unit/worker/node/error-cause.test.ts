import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeErrorCause } from '../../../../worker/node/error-cause.ts';
import { HostError } from '../../../../worker/node/errors.ts';

interface Cause {
  readonly working_directory: string;
  readonly exceptions: readonly {
    readonly type: string;
    readonly message: string;
    readonly stack: readonly { readonly path: string; readonly line: number; readonly label: string }[];
  }[];
  readonly paths: readonly string[];
}

const asIs = (stack: string): string => stack;
const causeOf = (thrown: unknown): Cause => JSON.parse(writeErrorCause(thrown, asIs));

function withStack(message: string, frames: readonly string[]): Error {
  const error = new Error(message);
  error.stack = [`Error: ${message}`, ...frames].join('\n');
  return error;
}

test('writeErrorCause() takes frames apart', () => {
  const cause = causeOf(
    withStack('bad', [
      '    at Pool.take (file:///var/task/lib/pool.js:12:7)',
      '    at async handler (/var/task/function.bundle.js:3:20)',
      '    at /var/task/lib/pool.js:99:1',
      '    at new Promise (<anonymous>)',
      '    at node:internal/main/run:1:2',
    ]),
  );
  assert.deepEqual(cause, {
    working_directory: process.cwd(),
    exceptions: [
      {
        type: 'Error',
        message: 'bad',
        stack: [
          { path: '/var/task/lib/pool.js', line: 12, label: 'Pool.take' },
          { path: '/var/task/function.bundle.js', line: 3, label: 'async handler' },
          { path: '/var/task/lib/pool.js', line: 99, label: 'anonymous' },
          { path: 'node:internal/main/run', line: 1, label: 'anonymous' },
        ],
      },
    ],
    paths: ['/var/task/lib/pool.js', '/var/task/function.bundle.js', 'node:internal/main/run'],
  });
});

test('writeErrorCause() names causes and the errors that one stands for, a circle of them once', () => {
  const first = new TypeError('first');
  const second = new RangeError('second', { cause: first });
  first.cause = second;
  const many = new AggregateError([second, 'text', null], 'many', { cause: first });
  assert.deepEqual(
    causeOf(many).exceptions.map(({ type, message }) => `${type}: ${message}`),
    ['AggregateError: many', 'TypeError: first', 'RangeError: second', 'string: text', 'object: null'],
  );
});

test('writeErrorCause() is safe as a header whatever the texts are', () => {
  const cause = writeErrorCause(new Error('a\r\nX: y\x7f\0 ü€😀\u2028'), asIs);
  assert.match(cause, /^[\x20-\x7e]+$/);
  assert.equal(JSON.parse(cause).exceptions[0].message, 'a\r\nX: y%7F\0 ü€😀\u2028');
});

test('writeErrorCause() keeps fewer frames, and at last one error, to stay below 64 KiB', () => {
  const frames = Array.from(
    { length: 5_000 },
    (_, index) => `    at ü${index} (/var/task/ü.js:${index + 1}:1)`,
  );
  const error = withStack('ü'.repeat(100_000), frames);
  const text = writeErrorCause(error, asIs);
  assert.ok(text.length > 20_000 && text.length < 65_536, `${text.length} bytes`);
  const [exception] = JSON.parse(text).exceptions as Cause['exceptions'];
  assert.equal(exception?.stack[0]?.line, 1);
  assert.ok((exception?.stack.length ?? 0) > 100);

  const links = Array.from({ length: 20 });
  const chain = links.reduce<Error>((cause) => new Error('ü'.repeat(5_000), { cause }), error);
  const { exceptions } = causeOf(chain);
  assert.deepEqual([exceptions.length, exceptions[0]?.stack], [1, []]);
});

for (const [name, thrown] of Object.entries({
  nothing: undefined,
  text: 'text',
  'object without a prototype': Object.create(null),
  'frozen object': Object.freeze({ message: 'm' }),
  'revoked proxy': revokedProxy(),
  'error of the host': new HostError('Runtime.X', 'x', { cause: revokedProxy() }),
  'stack that is none': Object.assign(new Error('m'), { stack: 1 }),
  'stack of one endless line': withStack('m', [`    at ${' ('.repeat(100_000)}`]),
})) {
  test(`writeErrorCause() describes one exception or more: ${name}`, () => {
    const { exceptions, paths } = causeOf(thrown);
    assert.ok(exceptions.length > 0);
    assert.ok(exceptions.every(({ type }) => type !== ''));
    assert.ok(Array.isArray(paths));
  });
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
