import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { describeError, errorCategory, HostError } from '../../../../worker/node/errors.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';
import { startHost } from './start-host.ts';

test('describeError() names type, message and trace of an error', () => {
  const { errorType, errorMessage, trace } = describeError(new TypeError('bad'));
  assert.deepEqual([errorType, errorMessage, trace[0]], ['TypeError', 'bad', 'TypeError: bad']);
  assert.match(trace[1] ?? '', /errors\.test\.ts/);
});

test('describeError() knows errors of another realm', () => {
  const { errorType, trace } = describeError(runInNewContext('new RangeError("bad")'));
  assert.equal(errorType, 'RangeError');
  assert.ok(trace.length > 1);
});

test('describeError() gives the trace of what caused a failure of the host', () => {
  assert.deepEqual(describeError(new HostError('Runtime.HandlerNotFound', 'none')).trace, []);
  const { errorType, trace } = describeError(new HostError('Runtime.X', 'bad', { cause: new Error('root') }));
  assert.deepEqual([errorType, trace[0]], ['Runtime.X', 'Error: root']);
});

test('describeError() survives everything that can be thrown', () => {
  const hostile = new Error('bad');
  Object.defineProperty(hostile, 'stack', {
    get: () => {
      throw new Error('no');
    },
  });
  const cases: readonly (readonly [unknown, string, string])[] = [
    ['text', 'string', 'text'],
    [undefined, 'undefined', 'undefined'],
    [null, 'object', 'null'],
    [Symbol('s'), 'symbol', 'Symbol(s)'],
    [{ a: 1 }, 'object', '[object Object]'],
    [Object.create(null), 'handled', 'Cannot describe what was thrown: reading it throws'],
    [hostile, 'handled', 'Cannot describe what was thrown: reading it throws'],
  ];
  for (const [thrown, errorType, errorMessage] of cases) {
    assert.deepEqual(describeError(thrown), { errorType, errorMessage, trace: [] });
  }
});

test('describeError() replaces DEL', () => {
  assert.equal(describeError('a\x7fb').errorMessage, 'a%7Fb');
});

test('errorCategory() books an error under Function unless the runtime named it', () => {
  const categories = {
    'Runtime.UnmarshalError': 'Runtime.UnmarshalError',
    TypeError: 'Function.TypeError',
    HttpError404: 'Function.HttpError404',
    S3Exception: 'Function.Unknown',
    'Error\r\nX: y': 'Function.Unknown',
    Ошибка: 'Function.Unknown',
    '': 'Function.Unknown',
  };
  for (const [type, category] of Object.entries(categories)) assert.equal(errorCategory(type), category);
});

test('host writes an error with trace and category', async (t) => {
  const code = `class PaymentError extends Error { name = 'PaymentError' }
    export const handler = async () => { throw new PaymentError('no money'); };`;
  const host = await startHost(t, { 'function.bundle.js': code });
  const { status, headers, json } = await host.invoke();
  assert.equal(status, 500);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['lambda-runtime-function-error-type'], 'Function.PaymentError');
  assert.deepEqual(Object.keys(json), ['errorType', 'errorMessage', 'trace']);
  assert.match(String(json.trace), /function\.bundle\.js:2:\d+/);
});

const SOURCES = {
  'src/deep/fails.ts': '\n\nexport function fails(text: string): never {\n  throw new Error(text);\n}\n',
  'src/function.ts': `import { fails } from './deep/fails.ts';
if (process.env.FAIL_AT_IMPORT) fails('import');
export const handler = async () => fails('call');\n`,
};

async function bundleWithMap(t: TestContext): Promise<Record<string, string>> {
  const folder = useTmp(t);
  writeFiles(folder, SOURCES);
  const bundle = await rolldown({ input: join(folder, 'src/function.ts'), platform: 'node' });
  await bundle.write({ file: join(folder, 'function.bundle.js'), sourcemap: true, minify: true });
  await bundle.close();
  const names = ['function.bundle.js', 'function.bundle.js.map'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('host names the sources in traces when the map lies beside the bundle', async (t) => {
  const files = await bundleWithMap(t);
  const mapped = await startHost(t, files);
  for (const _ of [1, 2]) {
    const trace = String((await mapped.invoke()).json.trace);
    assert.match(trace, /src\/deep\/fails\.ts:4:\d+.*src\/function\.ts:3:\d+/s);
    assert.doesNotMatch(trace, /bundle/);
  }
  const init = await startHost(t, files, { env: { FAIL_AT_IMPORT: '1' } });
  assert.match(String(init.firstLine.trace), /src\/deep\/fails\.ts:4:\d+.*src\/function\.ts:2:/s);
});

test('host gives the raw trace when there is no map, or none that can be read', async (t) => {
  const { 'function.bundle.js': code = '' } = await bundleWithMap(t);
  for (const map of [{}, { 'function.bundle.js.map': '{' }, { 'function.bundle.js.map': 'null' }]) {
    const host = await startHost(t, { 'function.bundle.js': code, ...map });
    const { json } = await host.invoke();
    assert.equal(json.errorMessage, 'call');
    assert.match(String(json.trace), /function\.bundle\.js:1:/);
  }
});
