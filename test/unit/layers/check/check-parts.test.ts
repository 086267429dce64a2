import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeZip } from '../../../../layers/build/zip.ts';
import { checkParts } from '../../../../layers/check/check-parts.ts';
import { IMAGES, type Target } from '../../../../layers/check/image.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { goodParts, manifest, type Parts, PROGRAM, patched, runtimeJson, writeParts } from './good-set.ts';

const { signal } = new AbortController();
const [OTHER_ARCH, LOADER, OLD_GLIBC] =
  process.arch === 'arm64'
    ? (['x86_64', '/lib/ld-linux-aarch64.so.1', 'GLIBC_2.17'] as const)
    : (['arm64', '/lib64/ld-linux-x86-64.so.2', 'GLIBC_2.2.5'] as const);

async function findings(t: TestContext, paths: readonly string[], target: Target = 'al2023') {
  const options = { folder: useTmp(t), signal, note: () => {} };
  return (await checkParts(paths, IMAGES[target], options)).findings;
}

async function codes(t: TestContext, parts: Parts, target?: Target): Promise<string[]> {
  const found = await findings(t, writeParts(useTmp(t), parts), target);
  for (const { what, onLambda, next } of found) assert.ok(what !== '' && onLambda !== '' && next !== '');
  return [...new Set(found.map(({ code }) => code))];
}

test('checkParts() finds nothing in a good set', async (t) => {
  assert.deepEqual(await codes(t, goodParts()), []);
});

test('checkParts() finds nothing in an interpreter that has a manifest of the least and its own host', async (t) => {
  const parts = goodParts();
  const least = { arch: undefined, sha256: undefined, bootstrap: undefined };
  addInterpreter(parts, 'lua', { ...least, bundles: ['lua'], host: 'hosts/lua.lua' });
  const { lua = {} } = parts;
  delete lua['interpreters/lua.start'];
  put(lua, 'pilotlight/hosts/lua.lua', '', 0o644);
  assert.deepEqual(await codes(t, parts), []);
  delete lua['pilotlight/hosts/lua.lua'];
  assert.deepEqual(await codes(t, parts), ['host-missing']);
});

function withMachineOf(arch: 'x86_64' | 'arm64'): Buffer {
  const copy = Buffer.from(PROGRAM);
  copy.writeUInt16LE(arch === 'x86_64' ? 62 : 183, 18);
  return copy;
}

/** Each plants one fault into the good set; a code after the first is its consequence. */
const FAULTS: readonly [what: string, plant: (parts: Parts) => void, ...codes: string[]][] = [
  [
    'a program for another architecture',
    ({ interpreter }) => put(interpreter, 'bin/tool', withMachineOf(OTHER_ARCH)),
    'wrong-architecture',
  ],
  [
    'a native package for another architecture',
    ({ fn }) => put(fn, 'prebuilds/a.node', withMachineOf(OTHER_ARCH), 0o644),
    'wrong-architecture',
  ],
  [
    'a program for a newer glibc',
    ({ fn }) => put(fn, 'bin/tool', patched('GLIBC_2.34', 'GLIBC_2.39')),
    'newer-glibc',
  ],
  [
    'a program for a newer libstdc++',
    ({ fn }) => put(fn, 'bin/tool', patched(OLD_GLIBC, 'CXXABI_4.1')),
    'newer-libstdc++',
  ],
  [
    'a program without its library',
    ({ fn }) => put(fn, 'bin/tool', patched('libc.so.6', 'libpq.so')),
    'missing-library',
  ],
  [
    'a program for musl',
    ({ fn }) => put(fn, 'bin/tool', patched(LOADER, '/lib/ld-musl.so.1')),
    'missing-loader',
  ],
  [
    'a truncated program',
    ({ fn }) => put(fn, 'bin/tool', PROGRAM.subarray(0, PROGRAM.length / 4)),
    'damaged-binary',
  ],
  [
    'a bootstrap that is not executable',
    ({ runtime }) => chmod(runtime, 'bootstrap', 0o644),
    'bootstrap-not-executable',
  ],
  [
    'an extension that is not executable',
    ({ runtime }) => put(runtime, 'extensions/ears', '#!/bin/sh\n', 0o644),
    'extension-not-executable',
  ],
  [
    'an interpreter that is not executable',
    ({ interpreter }) => chmod(interpreter, 'bin/node', 0o644),
    'interpreter-not-executable',
  ],
  ['a file for its owner alone', ({ fn }) => put(fn, 'secret.txt', 'x', 0o600), 'not-readable'],
  ['a link to nothing', ({ fn }) => link(fn, 'lib/a.so', 'b.so'), 'dangling-link'],
  [
    'a link to the machine of the build',
    ({ fn }) => link(fn, 'data', '/home/ada/data'),
    'link-out-of-the-set',
  ],
  [
    'a bootstrap with carriage returns',
    ({ fn }) => put(fn, 'bootstrap', '#!/bin/sh\r\n'),
    'carriage-return',
    'bootstrap-in-function',
  ],
  [
    'a script without its interpreter',
    ({ fn }) => put(fn, 'run', '#!/usr/bin/python3\n'),
    'missing-script-interpreter',
  ],
  [
    'a script whose env finds nothing',
    ({ fn }) => put(fn, 'run', '#!/usr/bin/env -S ruby -w\n'),
    'missing-script-interpreter',
  ],
  [
    'a bootstrap behind a byte order mark',
    ({ fn }) => put(fn, 'bootstrap', '\ufeff#!/bin/sh\n'),
    'not-a-program',
    'bootstrap-in-function',
  ],
  ['too much unzipped', ({ fn = {} }) => (fn['big.bin'] = { zeros: 262_144_000 }), 'too-large-unzipped'],
  ['six layers', (parts) => addLayers(parts, 4), 'too-many-layers'],
  ['a file that hides another', (parts) => add(parts, 'extra', 'bin/node', '#!/bin/sh\n'), 'shadowed-file'],
  [
    'a function packed with its folder',
    (parts) => (parts.fn = { 'hello/function.bundle.js': { content: '' } }),
    'packed-too-deep',
  ],
  [
    'a layer packed with its folder',
    (parts) => add(parts, 'extra', 'opt/bin/tool', '#!/bin/sh\n'),
    'packed-too-deep',
  ],
  ['a function without code', (parts) => (parts.fn = { 'notes.txt': { content: '' } }), 'no-bundle'],
  ['two bundles', ({ fn }) => put(fn, 'function.bundle.mjs', '', 0o644), 'several-bundles'],
  ['a bootstrap in the function', ({ fn }) => put(fn, 'bootstrap', '#!/bin/sh\n'), 'bootstrap-in-function'],
  [
    'two runtime layers',
    (parts) => add(parts, 'other', 'bootstrap', '#!/bin/sh\n'),
    'two-bootstraps',
    'shadowed-file',
  ],
  ['no runtime layer', (parts) => delete parts.runtime, 'no-bootstrap'],
  [
    'no interpreter for the bundle',
    (parts) => (parts.fn = { 'function.bundle.php': { content: '' } }),
    'no-interpreter',
  ],
  ['two interpreters for the bundle', (parts) => addInterpreter(parts, 'deno', {}), 'several-interpreters'],
  [
    'interpreters for two architectures',
    (parts) => addInterpreter(parts, 'php', { arch: OTHER_ARCH, bundles: ['php'] }),
    'two-architectures',
  ],
  [
    'an interpreter without its host',
    ({ interpreter = {} }) => (interpreter['interpreters/node.json'] = manifest({ host: 'hosts/a.mjs' })),
    'host-missing',
  ],
  [
    'an interpreter without its commands',
    ({ interpreter = {} }) => delete interpreter['interpreters/node.start'],
    'incomplete-interpreter',
  ],
  [
    'a manifest that is no JSON',
    ({ interpreter }) => put(interpreter, 'interpreters/node.json', '{', 0o644),
    'unreadable-manifest',
    'no-interpreter',
  ],
  [
    'another worker protocol',
    ({ runtime = {} }) => (runtime['pilotlight/runtime.json'] = runtimeJson({ protocol: 9 })),
    'protocol-mismatch',
  ],
  [
    'a runtime layer that says nothing readable of itself',
    ({ runtime }) => put(runtime, 'pilotlight/runtime.json', '{"version":', 0o644),
    'unreadable-manifest',
  ],
  ['a changed bootstrap', ({ runtime }) => put(runtime, 'bootstrap', '#!/bin/bash -p\nexit 1\n'), 'tampered'],
  [
    'another interpreter than the manifest says',
    ({ interpreter }) => put(interpreter, 'bin/node', Buffer.concat([PROGRAM, Buffer.of(0)])),
    'tampered',
  ],
  [
    'a changed bundle',
    ({ fn }) => put(fn, 'function.bundle.js', 'export const handler = 2;', 0o644),
    'tampered',
  ],
  [
    'a list of files that is none',
    ({ runtime }) => put(runtime, 'pilotlight/runtime.files', '{}', 0o644),
    'tampered',
  ],
];

for (const [what, plant, ...expected] of FAULTS) {
  test(`checkParts() finds ${what}`, async (t) => {
    const parts = goodParts();
    plant(parts);
    assert.deepEqual((await codes(t, parts)).toSorted(), expected.toSorted());
  });
}

test('checkParts() measures programs by the older Amazon Linux when asked', async (t) => {
  assert.deepEqual(await codes(t, goodParts(), 'al2'), ['newer-glibc']);
});

test('checkParts() finds zips that are damaged, too large, or nearly so', async (t) => {
  const folder = useTmp(t);
  const zip = async (name: string, bytes: number) => {
    const path = join(folder, `${name}.zip`);
    const content = randomBytes(bytes);
    await writeZip(path, [{ path: 'function.bundle.js', content, executable: false }], { level: 0 });
    return path;
  };
  const damaged = await zip('damaged', 1000);
  truncateSync(damaged, 900);
  const [runtime, interpreter] = writeParts(folder, goodParts());
  const found = async (path: string) =>
    (await findings(t, [String(interpreter), String(runtime), path])).map(({ code }) => code);
  assert.deepEqual(await found(damaged), ['unreadable-part']);
  assert.deepEqual(await found(await zip('near', 51_900_000)), ['zip-near-limit']);
  assert.deepEqual(await found(await zip('large', 52_500_000)), ['zip-too-large']);
});

test('checkParts() puts each function of a folder of zips together with each interpreter', async (t) => {
  const folder = useTmp(t);
  mkdirSync(join(folder, 'dist'));
  const zips = {
    'function-a': 'function.bundle.js',
    'function-b': 'function.bundle.js',
    'interpreter-x': 'interpreters/x.json',
    'interpreter-y': 'interpreters/y.json',
    runtime: 'pilotlight/runtime.json',
  };
  const { content } = manifest();
  for (const [name, path] of Object.entries(zips)) {
    const entry = { path, content: Buffer.from(content), executable: false };
    await writeZip(join(folder, 'dist', `${name}.zip`), [entry]);
  }
  writeFileSync(join(folder, 'dist/parts.json'), '{}');
  const options = { folder: useTmp(t), signal, note: () => {} };
  const { sets } = await checkParts([join(folder, 'dist')], IMAGES.al2023, options);
  assert.deepEqual(
    sets.map(({ layers, fn }) => [...layers, fn].map((part) => part?.name).join(' ')),
    [
      'interpreter-x runtime function-a',
      'interpreter-y runtime function-a',
      'interpreter-x runtime function-b',
      'interpreter-y runtime function-b',
    ],
  );
});

function put(part: Parts[string] = {}, path: string, content: string | Buffer, mode = 0o755): void {
  part[path] = { content, mode };
}

function chmod(part: Parts[string] = {}, path: string, mode: number): void {
  const file = part[path];
  assert.ok(file !== undefined && 'content' in file);
  part[path] = { ...file, mode };
}

function link(part: Parts[string] = {}, path: string, target: string): void {
  part[path] = { link: target };
}

/** Adds a layer behind the others, before the function. */
function add(parts: Parts, name: string, path: string, content: string | Buffer): void {
  const { fn = {} } = parts;
  delete parts.fn;
  parts[name] = { [path]: { content, mode: 0o755 } };
  parts.fn = fn;
}

function addLayers(parts: Parts, count: number): void {
  for (let index = 0; index < count; index += 1) add(parts, `extra${index}`, `lib/${index}.txt`, '');
}

function addInterpreter(parts: Parts, name: string, changes: object): void {
  const path = `interpreters/${name}.json`;
  add(parts, name, `bin/${name}`, PROGRAM);
  Object.assign(parts[name] ?? {}, {
    [path]: manifest({ name, binary: `bin/${name}`, ...changes }),
    [`interpreters/${name}.start`]: { content: '' },
  });
}
