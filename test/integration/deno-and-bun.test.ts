import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type TestLambda, useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';

const EXAMPLES = join(import.meta.dirname, '../../function');
/** What the interpreters would read by themselves where they start. */
const LEFT_ALONE = {
  '.env': 'FROM_ENV_FILE=yes',
  'bunfig.toml': 'preload = ["./missing.js"]',
  'deno.json': '{ "imports": { "node:os": "./missing.ts" } }',
  'package.json': '{ "type": "commonjs" }',
};
const DEPENDENCY = {
  'node_modules/twice/package.json': '{ "name": "twice", "main": "index.js" }',
  'node_modules/twice/index.js': 'module.exports = (text) => text + text;',
};
const HOSTED = {
  typescript: {
    'function.bundle.ts': `import { EOL } from 'node:os';
import twice from 'twice';
enum Mood { Glad = 7 }
interface Event { name: string; fail?: boolean }

export const handler = async ({ name, fail }: Event): Promise<unknown> => {
  if (fail) throw new RangeError('in line 7');
  return [twice(name), Mood.Glad, EOL, process.env.FROM_ENV_FILE ?? null];
};`,
    ...LEFT_ALONE,
    ...DEPENDENCY,
  },
  commonjs: {
    'function.bundle.js': 'const { EOL } = require("node:os");\nexports.handler = async () => EOL;',
  },
  broken: { 'function.bundle.ts': 'export const handler = () => {\n  return ];\n};' },
  unmet: { 'function.bundle.js': 'import "left-pad"; export const handler = () => 1;' },
  hangs: {
    'function.bundle.js': 'export const handler = async (event) => { while (event.hang); return 1; };',
  },
  full: {
    'function.bundle.js':
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(10_000).fill(all.length + 0.5)); };',
  },
};

for (const interpreter of ['deno', 'bun']) {
  suite(`a function on ${interpreter}`, () => {
    const cleaners: (() => void | Promise<void>)[] = [];
    let lambda: TestLambda;
    const call = async (name: keyof typeof HOSTED, event: unknown) => (await lambda.call(name, event)).value;

    before(async () => {
      // On Node is the bootstrap, which starts soonest there.
      const node = await useLayers();
      const layers = [node.interpreter, (await useLayers(interpreter)).interpreter, node.runtime];
      const environment = { PILOTLIGHT_INTERPRETER: interpreter, PILOTLIGHT_DEADLINE_MARGIN_MS: '1000' };
      const settings = { timeoutS: 4, memoryMiB: 192, environment };
      const functions = Object.entries(HOSTED).map(([name, files]) => [name, { files, layers, settings }]);
      lambda = await useLocalLambda(
        { after: (clean) => cleaners.push(clean) },
        {
          ...Object.fromEntries(functions),
          hello: { folder: join(EXAMPLES, `hello-${interpreter}`), layers },
        },
      );
    });
    after(async () => {
      for (const clean of cleaners.reverse()) await clean();
    });

    test('may be TypeScript with a package, and what lies beside it does not steer its host', async () => {
      assert.deepEqual(await call('typescript', { name: 'ab' }), ['abab', 7, '\n', null]);
      const { errorType, trace } = (await call('typescript', { name: 'ab', fail: true })) as Failure;
      assert.equal(errorType, 'RangeError');
      assert.match(trace[1] ?? '', /function\.bundle\.ts:7:\d+\)$/);
    });

    test('is the example, which uses what only this interpreter has', async () => {
      const { value } = await lambda.call('hello', { name: 'Ada' });
      assert.equal((value as { greeting: string }).greeting, 'Hello, Ada');
    });

    test('may be CommonJS that nothing declares', async () => {
      assert.equal(await call('commonjs', {}), '\n');
    });

    test('that is not to be parsed is named with its line', async () => {
      const { errorType, errorMessage } = (await call('broken', {})) as Failure;
      assert.equal(errorType, 'Runtime.UserCodeSyntaxError');
      assert.match(errorMessage, /function\.bundle\.ts" at line 2: SyntaxError: \w/);
    });

    test('finds packages in its own folder only', async () => {
      const { errorType, errorMessage } = (await call('unmet', {})) as Failure;
      assert.equal(errorType, 'Runtime.ImportModuleError');
      assert.match(errorMessage, /left-pad/);
    });

    test('that hangs is given up before its deadline, and another worker serves', async () => {
      const { errorType, errorMessage } = (await call('hangs', { hang: true })) as Failure;
      assert.equal(errorType, 'Sandbox.Timedout');
      assert.match(errorMessage, /^Task timed out after 4\.00 seconds/);
      assert.equal(await call('hangs', {}), 1);
    });

    test('that fills its memory is told so', async () => {
      const { errorType } = (await call('full', {})) as Failure;
      assert.equal(errorType, 'Runtime.OutOfMemory');
    });
  });
}

interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}
