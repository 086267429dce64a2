import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { externalPackages } from '../../../../layers/build/external-packages.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const named = (name: string, rest: object = {}) => ({ name, version: '1.0.0', ...rest });

async function pathsOf(folder: string, names: string[]): Promise<string[]> {
  const entries = await externalPackages(folder, names, 'arm64');
  return entries.map(({ path }) => path).toSorted();
}

test('externalPackages() takes packages with all they depend on, from folders above too', async (t) => {
  const root = useTmp(t);
  writeFiles(root, {
    'node_modules/a/package.json': named('a', {
      dependencies: { '@s/b': '1' },
      peerDependencies: { c: '1' },
    }),
    'node_modules/a/lib/index.js': '',
    'node_modules/@s/b/package.json': named('@s/b', { optionalDependencies: { missing: '1' } }),
    'node_modules/c/package.json': named('c'),
    'node_modules/unrelated/package.json': named('unrelated'),
    'app/index.ts': '',
  });
  assert.deepEqual(await pathsOf(join(root, 'app'), ['a']), [
    'node_modules/@s/b/package.json',
    'node_modules/a/lib/index.js',
    'node_modules/a/package.json',
    'node_modules/c/package.json',
  ]);
});

test('externalPackages() nests a second version below the package that needs it', async (t) => {
  const root = useTmp(t);
  writeFiles(root, {
    'node_modules/a/package.json': named('a', { dependencies: { b: '1', c: '1' } }),
    'node_modules/b/package.json': named('b', { dependencies: { c: '2' } }),
    'node_modules/b/node_modules/c/package.json': named('c'),
    'node_modules/b/node_modules/c/two.js': '',
    'node_modules/c/package.json': named('c'),
  });
  assert.deepEqual(await pathsOf(root, ['a']), [
    'node_modules/a/package.json',
    'node_modules/b/node_modules/c/package.json',
    'node_modules/b/node_modules/c/two.js',
    'node_modules/b/package.json',
    'node_modules/c/package.json',
  ]);
});

test('externalPackages() follows the links of a package store and lays its packages out flat', async (t) => {
  const root = useTmp(t);
  writeFiles(root, {
    'node_modules/.store/a@1/node_modules/a/package.json': named('a', { dependencies: { b: '1' } }),
    'node_modules/.store/b@1/node_modules/b/package.json': named('b', { dependencies: { a: '1' } }),
  });
  const link = (target: string, path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  link('.store/a@1/node_modules/a', 'node_modules/a');
  link('../../b@1/node_modules/b', 'node_modules/.store/a@1/node_modules/b');
  link('../../a@1/node_modules/a', 'node_modules/.store/b@1/node_modules/a');
  assert.deepEqual(await pathsOf(root, ['a']), [
    'node_modules/a/package.json',
    'node_modules/b/package.json',
  ]);
});

test('externalPackages() leaves prebuilt addons for other platforms behind', async (t) => {
  const root = useTmp(t);
  writeFiles(root, {
    'node_modules/a/package.json': named('a'),
    'node_modules/a/prebuilds/linux-arm64/a.node': '',
    'node_modules/a/prebuilds/linux-x64/a.node': '',
    'node_modules/a/prebuilds/darwin-arm64/a.node': '',
  });
  assert.deepEqual(await pathsOf(root, ['a']), [
    'node_modules/a/package.json',
    'node_modules/a/prebuilds/linux-arm64/a.node',
  ]);
});

test('externalPackages() names a manifest that is broken', async (t) => {
  const root = useTmp(t);
  writeFiles(root, { 'node_modules/a/package.json': '{"name":' });
  await assert.rejects(externalPackages(root, ['a'], 'arm64'), {
    code: 'BUILD_FAILED',
    message: /^Cannot read ".*node_modules\/a\/package\.json": /,
  });
});

test('externalPackages() names a package that is not installed and from where it was wanted', async (t) => {
  const root = useTmp(t);
  writeFiles(root, { 'node_modules/a/package.json': named('a', { dependencies: { gone: '1' } }) });
  await assert.rejects(externalPackages(root, ['a'], 'arm64'), {
    code: 'BUILD_FAILED',
    message: /"gone".*node_modules\/a"/,
  });
});
