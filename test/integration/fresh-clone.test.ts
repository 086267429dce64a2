import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { makeFunctionZip } from '../../layers/build/function-zip.ts';
import { BWRAP, NPM_10 } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** What a newcomer's machine has; the shell and what it needs comes with every system. */
const PROGRAMS = ['node', 'make', 'sh', 'touch', 'uname'];
/** Another user than the one who built what is here, as whom the same files can be read. */
const AS_NOBODY = [
  BWRAP,
  '--dev-bind',
  '/',
  '/',
  '--unshare-user',
  '--uid',
  '65534',
  '--gid',
  '65534',
] as const;
/** Where an I in lower case has no dot, and it is tomorrow. */
const ELSEWHERE = { LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' };
const LONG_AGO = new Date('2001-02-03T04:05:06Z');

test(
  'make run on a fresh clone answers, and leaves the same parts as here',
  needs('bwrap', 'npm10'),
  async (t) => {
    const folder = useTmp(t);
    const [clone, bin, tmp] = ['clone', 'bin', 't'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [bin, tmp]) mkdirSync(path);
    for (const program of PROGRAMS) symlinkSync(findProgram(program), join(bin, program));
    symlinkSync(NPM_10, join(bin, 'npm'));
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: PROJECT,
    });
    // Folders list their files in the order of their making, on some file systems.
    for (const file of String(files).split('\0').filter(Boolean).toReversed()) {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      cpSync(join(PROJECT, file), join(clone, file), { verbatimSymlinks: true });
      utimesSync(join(clone, file), LONG_AGO, LONG_AGO);
    }
    const before = readdirSync(clone);

    const { code, stdout, stderr } = await startCommand(
      t,
      [...AS_NOBODY, '/bin/sh', '-c', 'umask 077 && exec make run'],
      { cwd: clone, env: { ...process.env, ...ELSEWHERE, PATH: bin, TMPDIR: tmp } },
    ).result;

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

    // In another folder, at another time, by another user with another umask and locale, and from a tree that another npm
    // installed: the same bytes.
    const made = digests(clone);
    const { signal } = new AbortController();
    const { sha256 } = await makeFunctionZip(join(PROJECT, 'function/hello-node'), { out: tmp, signal });
    const here = Object.entries(digests(PROJECT)).filter(([name]) => name in made);
    assert.deepEqual(made, { ...Object.fromEntries(here), 'function-hello-node': sha256 });
    assert.deepEqual(installed(clone), installed(PROJECT));
  },
);

function findProgram(name: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${name}`])
    .toString()
    .trim();
}

function digests(folder: string): Record<string, string> {
  const parts: Record<string, { sha256: string }> = JSON.parse(
    readFileSync(join(folder, 'dist/parts.json'), 'utf8'),
  );
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.sha256]));
}

/** What npm installed, without its own notes and the links to programs, which differ from one npm to the next. */
function installed(folder: string): string[] {
  const packages = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
  return packages
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node_modules/.'))
    .sort();
}
