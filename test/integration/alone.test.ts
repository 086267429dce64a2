// One interpreter layer is enough: bootstrap and worker on Bun or Deno, with no Node there.
import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import type { BootstrapInterpreter } from '../helpers/bootstrap-on.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';

const INTERPRETERS: readonly BootstrapInterpreter[] = ['bun', 'deno'];

const FUNCTION = {
  'function.bundle.mjs': `export const handler = (event) => {
    if (event.fails) throw new RangeError('as asked');
    if (event.dies) process.exit(7);
    return { worker: process.pid, bootstrap: process.ppid };
  };`,
};

/** What would have code of the function run in the bootstrap, or instead of it, if its interpreter looked for them. */
const SETTINGS_FILES = {
  '.env': 'PILOTLIGHT_LOG=debug\n',
  'bunfig.toml': 'preload = ["./intrudes.ts"]\n',
  'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '*': ['./intrudes.ts'] } } }),
  'deno.json': JSON.stringify({ imports: { 'node:fs': './intrudes.ts', 'node:module': './intrudes.ts' } }),
  'package.json': JSON.stringify({ type: 'module', imports: { 'node:fs': './intrudes.ts' } }),
  'intrudes.ts': `process.stderr.write('code of the function runs\\n');`,
};

for (const name of INTERPRETERS) {
  test(`${name} alone answers, tells errors, and replaces its worker`, async (t) => {
    const { interpreter, runtime } = await useLayers(name);
    const layers = [interpreter, runtime];
    const { call } = await useLocalLambda(t, {
      f: { files: FUNCTION, layers, settings: { interpreter: name } },
    });
    const { value } = await call('f', {});
    const first = value as { worker: number; bootstrap: number };
    for (const pid of Object.values(first)) assert.equal(basename(readlinkSync(`/proc/${pid}/exe`)), name);
    assert.notEqual(first.worker, first.bootstrap);

    assert.partialDeepStrictEqual((await call('f', { fails: true })).value, {
      errorType: 'RangeError',
      errorMessage: 'as asked',
    });
    assert.partialDeepStrictEqual((await call('f', { dies: true })).value, {
      errorType: 'Runtime.ExitError',
    });
    const next = (await call('f', {})).value as typeof first;
    assert.equal(next.bootstrap, first.bootstrap);
    assert.notEqual(next.worker, first.worker);
  });

  test(`the bootstrap on ${name} takes no settings from the function's folder`, async (t) => {
    const files = { 'function.bundle.mjs': 'export const handler = (event) => event;', ...SETTINGS_FILES };
    const { api, stderr } = await useBootstrap(t, { files, on: name });
    assert.equal(String((await api.send({ id: 'a', body: '7' })).body), '7');
    assert.equal(stderr(), '');
  });
}
