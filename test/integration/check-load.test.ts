import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFunctionZip } from '../../layers/build/function-zip.ts';
import type { Finding } from '../../layers/check/finding.ts';
import { startCommand } from '../helpers/run-command.ts';
import { useLayers } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';

const CLI = fileURLToPath(new URL('../../runtime/cli.ts', import.meta.url));
const MAIN = 'export const main = () => 1;';

/** By the function's name: its files, and what is found. */
const FUNCTIONS: Readonly<
  Record<string, { files: Readonly<Record<string, string | object>>; found?: [string, RegExp] }>
> = {
  good: { files: { 'function.bundle.js': 'export const handler = () => 1;' } },
  'other-handler': { files: { 'function.bundle.js': MAIN, 'pilotlight.json': { handler: 'function.main' } } },
  program: {
    files: {
      'function.sh': '#!/bin/sh\n',
      'pilotlight.json': { environment: { PILOTLIGHT_MODE: 'process' } },
    },
  },
  'not-exported': {
    files: { 'function.bundle.js': MAIN },
    found: ['handler-not-exported', /"handler" of "function\.bundle\.js".*not exported.*\(on node\)$/],
  },
  'no-syntax': {
    files: { 'function.bundle.js': 'export const a = 1;\nexport const handler = () => ];' },
    found: ['does-not-load', /"function\.bundle\.js" at line 2: SyntaxError/],
  },
  'no-module': {
    files: { 'function.bundle.js': "import './gone.js'; export const handler = () => 1;" },
    found: ['does-not-load', /'gone\.js' imported from function\.bundle\.js/],
  },
  throws: {
    files: {
      'function.bundle.js': '\nthrow new TypeError("TABLE is not set");\nexport const handler = () => 1;',
    },
    found: ['does-not-load', /^TABLE is not set, at function\.bundle\.js:2:7 \(on node\)$/],
  },
  exits: {
    files: { 'function.bundle.js': 'process.exit(3);\nexport const handler = () => 1;' },
    found: ['does-not-load', /code 3/],
  },
};

describe('check with the interpreter of this machine', () => {
  const out = useTmp({ after });
  let findings: readonly Finding[];
  let status: number | null;

  before(async () => {
    const { signal } = new AbortController();
    for (const [name, { files }] of Object.entries(FUNCTIONS)) {
      writeFiles(join(out, name), files);
      if ('function.sh' in files) chmodSync(join(out, name, 'function.sh'), 0o755);
      await makeFunctionZip(join(out, name), { out: join(out, 'dist'), signal });
    }
    const { interpreter, runtime } = await useLayers();
    for (const zip of [interpreter, runtime]) symlinkSync(zip, join(out, 'dist', basename(zip)));
    const command = [process.execPath, CLI, 'check', 'dist', '--json'] as const;
    const { stdout, code } = await startCommand({ after }, command, { cwd: out }).result;
    status = code;
    ({ findings } = JSON.parse(stdout));
  });

  for (const [name, { found }] of Object.entries(FUNCTIONS)) {
    test(`${found === undefined ? 'finds nothing in' : 'tells why it cannot load'}: ${name}`, () => {
      const its = findings.filter(({ part }) => part === `function-${name}`);
      assert.deepEqual(
        its.map(({ code, severity }) => `${severity} ${code}`),
        found === undefined ? [] : [`error ${found[0]}`],
        its[0]?.what,
      );
      if (found !== undefined) assert.match(its[0]?.what ?? '', found[1]);
    });
  }

  test('ends with 1, and says what Lambda would', () => {
    assert.equal(status, 1);
    const finding = findings.find(({ part }) => part === 'function-no-module');
    assert.match(finding?.onLambda ?? '', /Error Type: Runtime\.ImportModuleError/);
  });
});
