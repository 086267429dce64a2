import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, test } from 'node:test';
import { ZipFile } from 'yazl';
import { needs } from '../helpers/needs.ts';
import {
  type TestFunction,
  type TestLambda,
  useLayers,
  useLocalLambda,
} from '../helpers/use-local-lambda.ts';

const bundle = (code: string): TestFunction => ({ files: { 'function.bundle.js': code } });

import { useTmp } from '../helpers/use-tmp.ts';

/** What is wrong with the function, and what its caller is told. */
const CASES: Readonly<
  Record<string, { fn: TestFunction; event?: unknown; errorType: string; message: RegExp }>
> = {
  'syntax-error': {
    fn: bundle('export const handler = () => {\n  return ]\n};'),
    errorType: 'Runtime.UserCodeSyntaxError',
    message: /line 2/,
  },
  'missing-export': {
    fn: bundle('export const other = () => {};'),
    errorType: 'Runtime.HandlerNotFound',
    message: /"handler"/,
  },
  'throw-at-import': {
    fn: bundle(
      'class Broken extends Error { name = "Broken" }\nthrow new Broken("no database"); export const handler = 1;',
    ),
    errorType: 'Broken',
    message: /no database/,
  },
  'exit-at-import': {
    fn: bundle('process.stderr.write("bye\\n"); process.exit(3); export const handler = 1;'),
    errorType: 'Runtime.WorkerStartFailed',
    message: /code 3/,
  },
  'missing-module': {
    fn: bundle('import "left-pad"; export const handler = () => {};'),
    errorType: 'Runtime.ImportModuleError',
    message: /left-pad/,
  },
  'no-bundle': {
    fn: { files: { 'indx.js': '' }, settings: { handler: 'index.handler' } },
    errorType: 'Runtime.ImportModuleError',
    message: /"index"/,
  },
  'bad-handler': {
    fn: { files: { 'index.js': '' }, settings: { handler: '../index.handler' } },
    errorType: 'Runtime.MalformedHandlerName',
    message: /\.\./,
  },
  'never-settles': {
    fn: bundle('export const handler = () => new Promise(() => {});'),
    errorType: 'Runtime.NodeJsExit',
    message: /pending/,
  },
  'top-level-await': {
    fn: bundle('await new Promise(() => {}); export const handler = () => {};'),
    errorType: 'Runtime.NodeJsExit',
    message: /await/,
  },
  bigint: {
    fn: bundle('export const handler = () => 1n;'),
    errorType: 'Runtime.JSONStringifyError',
    message: /BigInt/,
  },
  cycle: {
    fn: bundle('const a = {}; a.a = a; export const handler = () => a;'),
    errorType: 'Runtime.JSONStringifyError',
    message: /circular/,
  },
  throws: {
    fn: bundle('export const handler = () => { throw new TypeError("mine") };'),
    errorType: 'TypeError',
    message: /mine/,
  },
  'uncaught-later': {
    fn: bundle(
      'export const handler = () => new Promise(() => setTimeout(() => { throw new RangeError("late") }, 5));',
    ),
    errorType: 'RangeError',
    message: /late/,
  },
  'unhandled-rejection': {
    fn: bundle(
      'export const handler = () => { Promise.reject(new Error("lost")); return new Promise(() => setTimeout(() => {}, 10_000)); };',
    ),
    errorType: 'Runtime.UnhandledPromiseRejection',
    message: /lost/,
  },
  aborts: {
    fn: bundle('export const handler = () => process.abort();'),
    errorType: 'Runtime.WorkerAborted',
    message: /SIGABRT/,
  },
  'killed-worker': {
    fn: bundle(
      'export const handler = () => { process.kill(process.pid, "SIGKILL"); return new Promise(() => setTimeout(() => {}, 10_000)); };',
    ),
    errorType: 'Runtime.WorkerKilled',
    message: /SIGKILL/,
  },
  'bad-setting': {
    fn: {
      ...bundle('export const handler = () => 1;'),
      settings: { environment: { PILOTLIGHT_LOG: 'loud' } },
    },
    errorType: 'Runtime.SettingInvalid',
    message: /PILOTLIGHT_LOG/,
  },
  'other-interpreter': {
    fn: {
      ...bundle('export const handler = () => 1;'),
      settings: { environment: { PILOTLIGHT_INTERPRETER: 'php' } },
    },
    errorType: 'Runtime.InterpreterMissing',
    message: /"php".*"node"/,
  },
};

describe('a function that is broken gives its caller one clear error', () => {
  const cleaners: (() => void | Promise<void>)[] = [];
  let lambda: TestLambda;

  before(async () => {
    const functions = Object.fromEntries(Object.entries(CASES).map(([name, { fn }]) => [name, fn]));
    lambda = await useLocalLambda({ after: (clean) => cleaners.push(clean) }, functions);
  });
  after(async () => {
    for (const clean of cleaners.reverse()) await clean();
  });

  for (const [name, { event, errorType, message }] of Object.entries(CASES)) {
    test(`${name}: ${errorType}, and the same again at the next call`, async () => {
      for (const round of [1, 2]) {
        const { value, failed } = await lambda.call(name, event ?? {});
        const error = value as { errorType: string; errorMessage: string };
        assert.equal(failed, true);
        assert.equal(error.errorType, errorType, `round ${round}: ${error.errorMessage}`);
        assert.match(error.errorMessage, message);
      }
    });
  }
});

test('a function without an interpreter layer gives Runtime.InterpreterMissing', async (t) => {
  const { runtime } = await useLayers();
  const lambda = await useLocalLambda(t, {
    bare: { ...bundle('export const handler = 1'), layers: [runtime] },
  });
  const { value } = await lambda.call('bare', {});
  assert.partialDeepStrictEqual(value, { errorType: 'Runtime.InterpreterMissing' });
});

test(
  'a bundle that the sandbox user cannot read gives Runtime.ImportModuleError',
  needs('bwrap'),
  async (t) => {
    const code = join(useTmp(t), 'unreadable.zip');
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('export const handler = () => 1'), 'function.bundle.js', { mode: 0o100000 });
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(code));
    const lambda = await useLocalLambda(t, { secret: { zip: code } }, { isolation: 'bwrap' });
    const { value } = await lambda.call('secret', {});
    assert.partialDeepStrictEqual(value, { errorType: 'Runtime.ImportModuleError' });
  },
);
