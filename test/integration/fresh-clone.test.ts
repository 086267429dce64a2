import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** What a newcomer's machine has; the shell and what it needs comes with every system. */
const PROGRAMS = ['node', 'npm', 'make', 'sh', 'touch', 'uname'];

test('make run on a fresh clone answers cold and warm, and leaves nothing but what it built', async (t) => {
  const folder = useTmp(t);
  const [clone, bin, tmp] = ['clone', 'bin', 't'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [bin, tmp]) mkdirSync(path);
  for (const program of PROGRAMS) symlinkSync(findProgram(program), join(bin, program));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
  });
  for (const file of String(files).split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(PROJECT, file), join(clone, file), { verbatimSymlinks: true });
  }
  const before = readdirSync(clone);

  const { code, stdout, stderr } = await startCommand(t, ['make', 'run'], {
    cwd: clone,
    env: { ...process.env, PATH: bin, TMPDIR: tmp },
  }).result;

  assert.equal(code, 0, stderr);
  const answers = stdout.split('\n').filter((line) => line.startsWith('{"statusCode":200'));
  assert.equal(answers.length, 10, stdout);
  assert.equal(new Set(answers).size, 1);
  assert.match(stderr, /^cold +\d+\.\d+ ms/m);
  assert.match(stderr, /^warm +\d+\.\d+ ms median/m);
  assert.deepEqual(findProcesses(folder), []);
  assert.deepEqual(
    readdirSync(tmp).filter((name) => name !== 'node-compile-cache'),
    [],
  );
  assert.deepEqual(readdirSync(clone), [...before, 'dist', 'node_modules'].sort());
  assert.deepEqual(readdirSync(join(clone, 'dist')).sort(), [
    'function-hello-node.bundle.js.map',
    'function-hello-node.zip',
    'interpreter-node-arm64.zip',
    'interpreter-node-x86_64.zip',
    'parts.json',
    'runtime.zip',
  ]);

  // The same inputs give the same bytes: in another folder, and from a tree that was installed on its own.
  const made = digests(clone);
  const here = Object.entries(digests(PROJECT)).filter(([name]) => name in made);
  assert.deepEqual(made, Object.fromEntries(here));
});

function findProgram(name: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${name}`])
    .toString()
    .trim();
}

function digests(folder: string): Record<string, string> {
  const parts: Record<string, { sha256: string }> = JSON.parse(
    readFileSync(join(folder, 'dist/parts.json'), 'utf8'),
  );
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([name]) => !name.startsWith('function-'))
      .map(([name, part]) => [name, part.sha256]),
  );
}
