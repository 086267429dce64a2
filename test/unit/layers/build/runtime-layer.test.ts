import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { MadePart } from '../../../../layers/build/part.ts';
import { makeRuntimeLayer } from '../../../../layers/build/runtime-layer.ts';
import { PROTOCOL_VERSION } from '../../../../worker/protocol.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { type ReadEntry, readZip, textOf } from '../read-zip.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../../../..');
const MAX_ZIP_BYTES = 520_000;

// Everything that may be in the layer. Whatever is to come in besides is to be named here, with a thought.
const ALLOWED_FILES = [
  'bootstrap',
  'pilotlight/LICENSES.txt',
  'pilotlight/bootstrap-bun.cjs',
  'pilotlight/bootstrap.cjs',
  'pilotlight/bootstrap.mjs',
  'pilotlight/function.bundle.js',
  'pilotlight/hosts/bun.mjs',
  'pilotlight/hosts/deno.mjs',
  'pilotlight/hosts/node.mjs',
  'pilotlight/runtime.files',
  'pilotlight/runtime.json',
];
const LAZY_FILES = /^pilotlight\/(?:hosts\/)?lazy\/(?:bun\/|deno\/)?[a-z0-9-]+\.[cm]js$/;
const PHP_FILES = /^pilotlight\/hosts\/php\/(?:[A-Z]\w+\/)?(?:[A-Z]\w+|[a-z-]+)\.php$/;
// The three that were chosen; the others are execa's own.
const ALLOWED_PACKAGES = [
  ...['execa', 'p-queue', 'undici'],
  ...['@sec-ant/readable-stream', '@sindresorhus/merge-streams', 'figures', 'get-stream', 'human-signals'],
  ...[
    'is-plain-obj',
    'is-stream',
    'is-unicode-supported',
    'npm-run-path',
    'parse-ms',
    'path-key',
    'pretty-ms',
  ],
  ...['signal-exit', 'strip-final-newline', 'unicorn-magic', 'which-command', 'yoctocolors'],
];

describe('the runtime layer', () => {
  const { signal } = new AbortController();
  const out = useTmp({ after });
  let made: MadePart;
  let entries: ReadEntry[];

  before(async () => {
    made = await makeRuntimeLayer({ out, signal });
    entries = await readZip(made.path);
  });

  test('starts with no file but the bootstrap itself', () => {
    const early = textOf(entries, 'pilotlight/bootstrap.cjs').match(/^.*\brequire\("\.\/lazy\/.*$/gm) ?? [];
    assert.deepEqual(
      early.filter((line) => !line.includes('Promise.resolve().then(')),
      [],
    );
  });

  test('holds what is allowed there and no more', () => {
    const paths = entries
      .map(({ path }) => path)
      .filter((path) => !LAZY_FILES.test(path) && !PHP_FILES.test(path));
    assert.deepEqual(paths, ALLOWED_FILES);
    const executable = entries.filter(({ mode }) => mode === '100755').map(({ path }) => path);
    assert.deepEqual(executable, ['bootstrap']);
    assert.ok(entries.every(({ mode }) => mode === '100755' || mode === '100644'));
  });

  test(`has at most ${MAX_ZIP_BYTES / 1000} kB`, () => {
    assert.ok(made.bytes <= MAX_ZIP_BYTES, `${made.bytes} bytes`);
  });

  test('bundles no package but those that were chosen, and ships their licenses', () => {
    const heads = textOf(entries, 'pilotlight/LICENSES.txt').matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(\S+\)$/gm);
    const packages = [...heads].map(([, name]) => name);
    const extra = packages.filter((name) => !ALLOWED_PACKAGES.includes(name ?? ''));
    assert.deepEqual(extra, []);
    assert.ok(packages.includes('execa'), 'the list is read');
  });

  test('says its version, its protocol and the digest of each file', () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'));
    assert.deepEqual(JSON.parse(textOf(entries, 'pilotlight/runtime.json')), {
      version,
      protocol: PROTOCOL_VERSION,
    });
    const { contentsSha256, files } = JSON.parse(textOf(entries, 'pilotlight/runtime.files'));
    assert.equal(contentsSha256, made.contentsSha256);
    const listed = entries
      .filter(({ path }) => path !== 'pilotlight/runtime.files')
      .map(({ path, mode, content }) => {
        const sha256 = createHash('sha256').update(content).digest('hex');
        return [path, Number.parseInt(mode, 8), content.length, crc32(content), sha256];
      });
    assert.deepEqual(files, listed);
  });

  test('imports only Node and files that are in it', () => {
    const modules = entries.filter(({ path }) => path.endsWith('.mjs'));
    for (const { path, content } of modules) {
      const imports = content.toString().matchAll(/^import .*?["']([^"']+)["'];$|\bimport\("([^"]+)"\)/gm);
      for (const [, statically, dynamically] of imports) {
        const name = statically ?? dynamically ?? '';
        if (name.startsWith('node:')) continue;
        const target = join(path, '..', name);
        assert.ok(
          entries.some((entry) => entry.path === target),
          `${path} imports "${name}"`,
        );
        // An entry that awaits at its top level what it loads lazily: a way back would wait for ever.
        const awaits = /^(?:const .* = )?await /m.test(textOf(entries, target));
        assert.ok(!awaits, `${path} imports "${name}", which awaits at its top level`);
      }
    }
  });

  test('names no folder of the machine it was built on', () => {
    for (const { path, content } of entries) {
      assert.equal(content.includes(PROJECT_FOLDER), false, path);
    }
  });

  test('is left alone while its sources stay the same', async () => {
    assert.deepEqual(await makeRuntimeLayer({ out, signal }), { ...made, rebuilt: false });
  });
});
