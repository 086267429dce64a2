import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type FunctionOptions, makeFunctionZip } from '../../../../layers/build/function-zip.ts';
import type { ToolError } from '../../../../runtime/cli/tool-error.ts';
import { type Cleaner, useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';
import { readZip, textOf } from '../read-zip.ts';

const HELLO = join(import.meta.dirname, '../../../../function/hello-node');
const { signal } = new AbortController();

const x64Addon = Buffer.alloc(64);
x64Addon.write('\x7fELF\x02\x01', 'latin1');
x64Addon.writeUInt16LE(62, 18);

type Files = Parameters<typeof writeFiles>[1];

/** Builds a function of these files and reads its zip. */
async function build(t: Cleaner, files: Files, options: Partial<FunctionOptions> = {}) {
  const tmp = useTmp(t);
  const folder = join(tmp, 'fn');
  writeFiles(folder, files);
  const made = await makeFunctionZip(folder, { out: join(tmp, 'dist'), signal, ...options });
  return { made, folder, entries: await readZip(made.path) };
}

/** Lays a zip's files out in a folder and calls what a program gets as `bundle`, in a process of its own. */
function run(t: Cleaner, entries: Awaited<ReturnType<typeof readZip>>, program: string): unknown {
  const folder = useTmp(t);
  for (const { path, content } of entries) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const text = `import * as bundle from './function.bundle.js'; console.log(JSON.stringify(await (${program})));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}

test('makeFunctionZip() makes hello-node one file that answers direct and HTTP events', async (t) => {
  const { path } = await makeFunctionZip(HELLO, { out: useTmp(t), signal });
  const entries = await readZip(path);
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['function.bundle.js', '100644'],
      ['function.files', '100644'],
    ],
  );
  const httpEvent = readFileSync(join(HELLO, 'events/api-gateway-v2.json'), 'utf8');
  const withBody = JSON.stringify({
    version: '2.0',
    rawQueryString: '',
    body: Buffer.from('{"name":"Bo"}').toString('base64'),
    isBase64Encoded: true,
  });
  const events = ['{"name":"Ada"}', 'null', httpEvent, withBody];
  const answers = run(t, entries, `Promise.all([${events}].map((event) => bundle.handler(event)))`);
  const http = (greeting: string) => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ greeting }),
  });
  const direct = [{ greeting: 'Hello, Ada' }, { greeting: 'Hello, world' }];
  assert.deepEqual(answers, [...direct, http('Hello, Ada'), http('Hello, Bo')]);
});

test('makeFunctionZip() writes the same bytes from another folder, and none of its path', async (t) => {
  const [first, second] = [useTmp(t), join(useTmp(t), 'deeper/down')];
  for (const folder of [first, second]) cpSync(HELLO, folder, { recursive: true });
  const zips = [];
  for (const folder of [first, second]) {
    const made = await makeFunctionZip(folder, { out: join(folder, 'dist'), signal, sourceMap: 'inside' });
    zips.push(readFileSync(made.path));
    const map = JSON.parse(textOf(await readZip(made.path), 'function.bundle.js.map'));
    assert.deepEqual(map.sources, ['greet.ts', 'http.ts', 'function.ts']);
    assert.equal(JSON.stringify(map).includes(folder), false);
  }
  assert.ok(zips[0]?.equals(zips[1] as Buffer));
});

test('makeFunctionZip() puts the source map where it was asked for, and takes an older one away', async (t) => {
  const files = { 'function.ts': 'export const handler = async (): Promise<number> => 1;' };
  const { made, folder } = await build(t, files);
  const beside = made.sourceMap ?? assert.fail('no source map');
  assert.ok(beside.endsWith('/dist/function-fn.bundle.js.map'));
  const { sources, file } = JSON.parse(readFileSync(beside, 'utf8'));
  assert.deepEqual([sources, file], [['function.ts'], 'function.bundle.js']);
  const out = dirname(made.path);
  const none = await makeFunctionZip(folder, { out, signal, sourceMap: 'none' });
  assert.equal(none.sourceMap, undefined);
  assert.equal(none.rebuilt, false, 'the zip holds the same');
  assert.equal(existsSync(beside), false);
  const inside = await makeFunctionZip(folder, { out, signal, sourceMap: 'inside' });
  const entries = await readZip(inside.path);
  assert.deepEqual(
    entries.map(({ path }) => path),
    ['function.bundle.js', 'function.bundle.js.map', 'function.files'],
  );
  assert.doesNotMatch(textOf(entries, 'function.bundle.js'), /sourceMappingURL/);
});

test('makeFunctionZip() bundles CommonJS with require, __dirname and a dynamic import into one module', async (t) => {
  const { entries } = await build(t, {
    'index.cjs': `const { basename } = require('path');
      exports.handler = async () => [basename(__filename), (await import('./other.mjs')).default];`,
    'other.mjs': 'export default 7;',
  });
  assert.deepEqual(run(t, entries, 'bundle.default.handler()'), ['function.bundle.js', 7]);
});

test('makeFunctionZip() keeps a default export and top-level await', async (t) => {
  const { entries } = await build(t, {
    'src/index.mts': "const n: number = await Promise.resolve(1); export default async () => ['default', n];",
  });
  assert.deepEqual(run(t, entries, 'bundle.default()'), ['default', 1]);
});

test('makeFunctionZip() ships external packages, and what is included with modes and links', async (t) => {
  const tmp = useTmp(t);
  writeFiles(tmp, {
    'index.ts': "import { twice } from 'ext'; export const handler = async (n: number) => twice(n);",
    'assets/deep/run.sh': '#!/bin/sh\n',
    'assets/a.txt': 'a',
    'node_modules/ext/package.json': { name: 'ext', main: 'main.js', dependencies: { two: '*' } },
    'node_modules/ext/main.js': "exports.twice = (n) => n * require('two');",
    'node_modules/two/package.json': { name: 'two' },
    'node_modules/two/index.js': 'module.exports = 2;',
  });
  symlinkSync('deep/run.sh', join(tmp, 'assets/link'));
  const out = join(tmp, 'dist');
  const options = { out, signal, name: 'fn', external: ['ext'], include: ['assets/**'] };
  const entries = await readZip((await makeFunctionZip(tmp, options)).path);
  assert.deepEqual(
    entries.map(({ path, mode }) => `${mode} ${path}`),
    [
      '100644 assets/a.txt',
      '100755 assets/deep/run.sh',
      '120777 assets/link',
      '100644 function.bundle.js',
      '100644 function.files',
      '100644 node_modules/ext/main.js',
      '100644 node_modules/ext/package.json',
      '100644 node_modules/two/index.js',
      '100644 node_modules/two/package.json',
    ],
  );
  assert.equal(run(t, entries, 'bundle.handler(21)'), 42);
});

test('makeFunctionZip() takes a ready bundle as it is, broken or not', async (t) => {
  const files = {
    'function.bundle.js': 'this is no JavaScript',
    'function.bundle.js.map': '{"version":3}',
    'package.json': { type: 'commonjs' },
  };
  const { made, entries } = await build(t, files);
  assert.deepEqual(
    entries.map(({ path }) => path),
    ['function.bundle.js', 'function.files', 'package.json'],
  );
  assert.equal(textOf(entries, 'function.bundle.js'), 'this is no JavaScript');
  assert.equal(readFileSync(made.sourceMap ?? '', 'utf8'), '{"version":3}');
});

test('makeFunctionZip() leaves an unchanged zip alone and follows a change in any module', async (t) => {
  const files = {
    'function.ts': "export { a as handler } from './a.ts';",
    'a.ts': 'export const a = () => 1;',
  };
  const { made, folder } = await build(t, files);
  const { mtimeMs } = statSync(made.path);
  const options = { out: dirname(made.path), signal };
  assert.equal((await makeFunctionZip(folder, options)).rebuilt, false);
  assert.equal(statSync(made.path).mtimeMs, mtimeMs);
  writeFiles(folder, { 'a.ts': 'export const a = () => 2;' });
  const changed = await makeFunctionZip(folder, options);
  assert.equal(changed.rebuilt, true);
  assert.notEqual(changed.contentsSha256, made.contentsSha256);
});

const BROKEN = {
  'a syntax error': { file: 'export const a = 1;\nexport const b = ;', message: /index\.ts:2:18 / },
  'a missing module': { file: "import './gone.ts';", message: /index\.ts:1:8 .*gone/ },
  'a missing package': { file: "import 'gone-package';", message: /index\.ts:1:8 .*gone-package/ },
  'a missing export': {
    file: "import { a } from './b.ts'; console.log(a);",
    message: /index\.ts:1:10 .*"a"/,
  },
  'a native addon': { file: "import './c.node';", message: /c\.node.* native addon/ },
};
for (const [what, { file, message }] of Object.entries(BROKEN)) {
  test(`makeFunctionZip() names file, line, column and reason of ${what}, and writes nothing`, async (t) => {
    const tmp = useTmp(t);
    writeFiles(tmp, { 'index.ts': file, 'b.ts': 'export const b = 1;', 'c.node': '\x7fELF\0\0' });
    const out = join(tmp, 'dist');
    await assert.rejects(makeFunctionZip(tmp, { out, signal }), (error: ToolError) => {
      assert.equal(error.code, 'BUILD_FAILED');
      assert.match(error.message, message);
      assert.equal(error.message, stripVTControlCharacters(error.message));
      return true;
    });
    assert.equal(existsSync(out), false);
  });
}

test('makeFunctionZip() leaves a package alone that asks for another that is not installed', async (t) => {
  const notes: string[] = [];
  const files = {
    'index.ts': "import db from 'db'; export const handler = async () => db('mysql');",
    'node_modules/db/package.json': { name: 'db' },
    'node_modules/db/index.js': `const load = { mysql: () => require('mysql-driver') };
      module.exports = (name) => { try { return load[name](); } catch (error) { return error.code; } };`,
  };
  const { entries } = await build(t, files, { note: (line) => notes.push(line) });
  assert.equal(run(t, entries, 'bundle.handler()'), 'MODULE_NOT_FOUND');
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /node_modules\/db\/index\.js:1:37 .*mysql-driver/);
});

test('makeFunctionZip() ships a program that may be executed, also a script', async (t) => {
  for (const content of [x64Addon, '#!/bin/sh\n']) {
    const files = { 'function.bundle': content, 'pilotlight.json': { arch: 'x86_64' } };
    const { entries } = await build(t, files);
    assert.deepEqual(
      entries.map(({ path, mode }) => [path, mode]),
      [
        ['function.bundle', '100755'],
        ['function.files', '100644'],
      ],
    );
  }
});

const PROGRAMS: Record<string, { files: Files; message: RegExp }> = {
  'a program for the other architecture': {
    files: { 'function.bundle': x64Addon },
    message: /the program "function\.bundle": it is built for x86_64, the function is for arm64/,
  },
  'to compile for the other architecture': {
    files: { 'function.cr': '' },
    message: /"function\.cr" for arm64 on x86_64/,
  },
};
for (const [what, { files, message }] of Object.entries(PROGRAMS)) {
  test(`makeFunctionZip() refuses ${what}`, {
    skip: process.arch !== 'x64' && 'only on x86_64',
  }, async (t) => {
    const all = { ...files, 'pilotlight.json': { arch: 'arm64' } };
    await assert.rejects(build(t, all), { code: 'BUILD_FAILED', message });
  });
}

const REFUSED: Record<string, { files: Files; message: RegExp }> = {
  'an addon for the other architecture': {
    files: { 'lib/a.node': x64Addon, 'pilotlight.json': { arch: 'arm64' } },
    message: /"lib\/a\.node".*x86_64.*arm64/,
  },
  'an addon for another system': { files: { 'lib/a.node': 'MZ' }, message: /"lib\/a\.node".*another system/ },
  'a pattern without a match': { files: {}, message: /"lib"/ },
};
for (const [what, { files, message }] of Object.entries(REFUSED)) {
  test(`makeFunctionZip() refuses ${what}`, async (t) => {
    const all = { 'index.ts': 'export const handler = () => 1;', ...files };
    await assert.rejects(build(t, all, { include: ['lib'] }), { code: 'BUILD_FAILED', message });
  });
}

test('makeFunctionZip() refuses links and files outside of the folder', async (t) => {
  const folder = join(useTmp(t), 'fn');
  writeFiles(folder, { 'index.ts': 'export const handler = () => 1;', '../secret': 's' });
  symlinkSync('../secret', join(folder, 'link'));
  for (const include of ['link', '../secret']) {
    const options = { out: join(folder, 'dist'), signal, include: [include] };
    await assert.rejects(makeFunctionZip(folder, options), { code: 'BUILD_FAILED', message: /outside/ });
  }
});

test('makeFunctionZip() refuses a package.json that would make its bundle CommonJS', async (t) => {
  const files = { 'index.ts': 'export const handler = () => 1;', 'package.json': { type: 'commonjs' } };
  await assert.rejects(build(t, files, { include: ['package.json'] }), { code: 'BUILD_FAILED' });
});

test('makeFunctionZip() ships an addon for the architecture of the function', async (t) => {
  const files = {
    'index.ts': 'export const handler = () => 1;',
    'lib/a.node': x64Addon,
    'pilotlight.json': { arch: 'x86_64', name: 'named' },
  };
  const { made, entries } = await build(t, files, { include: ['lib'] });
  assert.equal(made.functionName, 'named');
  assert.ok(entries.some(({ path }) => path === 'lib/a.node'));
});
