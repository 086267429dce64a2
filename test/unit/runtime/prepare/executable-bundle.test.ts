import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findExecutableBundle } from '../../../../runtime/prepare/executable-bundle.ts';
import { type Cleaner, useTmp } from '../../../helpers/use-tmp.ts';

const MACHINE_NUMBERS: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

function useBundle(t: Cleaner, content: string | Buffer, mode = 0o755): string {
  const task = useTmp(t);
  const path = join(task, 'function.bundle');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return task;
}

function elfFor(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

test('findExecutableBundle() starts a program of this machine, or a script, from where it lies', (t) => {
  for (const content of [elfFor(MACHINE_NUMBERS[process.arch] as number), '#!/bin/sh\n']) {
    const task = useBundle(t, content);
    const { binary, worker } = findExecutableBundle(task) ?? {};
    assert.deepEqual([binary, worker], [join(task, 'function.bundle'), ['{binary}']]);
  }
});

test('findExecutableBundle() leaves other bundles, and folders, to interpreters', (t) => {
  const task = useTmp(t);
  writeFileSync(join(task, 'function.bundle.js'), '');
  mkdirSync(join(task, 'function.bundle'));
  assert.equal(findExecutableBundle(task), undefined);
});

const REFUSED = {
  'of another architecture': {
    content: elfFor(process.arch === 'x64' ? 183 : 62),
    error: {
      code: 'INTERPRETER_UNUSABLE',
      message: /it is built for (x64|arm64), the environment is \w+64$/,
    },
  },
  'of a machine that Lambda has not': {
    content: elfFor(243),
    error: { code: 'INTERPRETER_UNUSABLE', message: /it is built for another machine/ },
  },
  'that is no program': {
    content: 'export const handler = 1;',
    error: { code: 'BUNDLE_FAILED', message: /it is no program, expected an ELF file or .*"#!"$/ },
  },
  'that is empty': { content: '', error: { code: 'BUNDLE_FAILED', message: /it is no program/ } },
} as const;
for (const [what, { content, error }] of Object.entries(REFUSED)) {
  test(`findExecutableBundle() refuses a file ${what}`, (t) => {
    const task = useBundle(t, content);
    assert.throws(() => findExecutableBundle(task), error);
  });
}

test('findExecutableBundle() refuses a file that nobody may execute', (t) => {
  // Root may read whatever it likes, and executes what anybody may.
  const task = useBundle(t, '#!/bin/sh\n', 0o644);
  assert.throws(() => findExecutableBundle(task), {
    code: 'BUNDLE_FAILED',
    message: /permission denied.*expected a program with mode 755$/,
  });
});
