import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settleMs, sourcesOf, wholeFolder } from '../../../../runtime/emulator/watch/sources.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';

const ROOT = '/repo/shop';
const READ = [
  '/repo/shop/function.ts',
  '/repo/shop/lib/a.ts',
  '/repo/shared/b.ts',
  '/repo/node_modules/dep/c.js',
];

test('sourcesOf() watches the folders of all files, and those above up to one that holds the function', () => {
  assert.deepEqual([...sourcesOf(ROOT, READ).folders].toSorted(), [
    '/repo',
    '/repo/node_modules',
    '/repo/node_modules/dep',
    '/repo/shared',
    '/repo/shop',
    '/repo/shop/lib',
  ]);
});

for (const [path, expected] of [
  ['/repo/shop/function.ts', true],
  ['/repo/shop/pilotlight.json', true],
  ['/repo/shop/lib', true],
  ['/repo/shop', true],
  ['/repo/node_modules/dep', true],
  ['/repo/shop/function.ts~', false],
  ['/repo/shop/notes.md', false],
  ['/repo/other', false],
] as const) {
  test(`sourcesOf() is ${expected ? '' : 'not '}concerned by a change of "${path}"`, () => {
    assert.equal(sourcesOf(ROOT, READ).concerns(path), expected);
  });
}

test('sourcesOf() is concerned by whatever may mend what has failed, and by nothing else', () => {
  const failed = sourcesOf(ROOT, READ).and(['/repo/shared/missing'], true);
  const paths = ['/repo/shop/new.ts', '/repo/node_modules/.package-lock.json', '/repo/shared/missing.ts'];
  assert.deepEqual(
    paths.map((path) => failed.concerns(path)),
    [true, true, true],
  );
  assert.equal(failed.concerns('/repo/other'), false);
});

test('wholeFolder() is concerned by all that is shipped, in folders below too', (t) => {
  const root = useTmp(t);
  mkdirSync(join(root, 'src/deep'), { recursive: true });
  mkdirSync(join(root, '.git'));
  const { folders, concerns } = wholeFolder(root);
  assert.ok(folders.has(join(root, 'src/deep')) && !folders.has(join(root, '.git')));
  assert.deepEqual(
    ['src/deep/a.php', 'new', '.git/HEAD', 'src/.a.swp'].map((path) => concerns(join(root, path))),
    [true, true, false, false],
  );
});

test('settleMs() gives installers of packages more time than editors', () => {
  assert.ok(settleMs('/repo/node_modules/dep/c.js') > settleMs('/repo/shop/function.ts'));
});
