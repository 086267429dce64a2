import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFunctionSource } from '../../../../layers/build/function-source.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const CASES = [
  {
    files: ['src/index.ts', 'index.cjs', 'function.mjs', 'function.mts'],
    kind: 'entry',
    found: 'function.mts',
  },
  { files: ['src/function.js', 'index.cjs'], kind: 'entry', found: 'index.cjs' },
  { files: ['src/index.ts', 'src/function.js'], kind: 'entry', found: 'src/function.js' },
  { files: ['function.bundle.mjs', 'src/index.ts'], kind: 'entry', found: 'src/index.ts' },
  { files: ['function.bundle.cjs', 'other.ts'], kind: 'bundle', found: 'function.bundle.cjs' },
  { files: ['src/function.cr', 'shard.yml'], kind: 'program', found: 'src/function.cr' },
  { files: ['function.bundle', 'other.cr'], kind: 'bundle', found: 'function.bundle' },
  { files: ['function.bundle.lua', 'other.lua'], kind: 'folder', found: 'function.bundle.lua' },
];
for (const { files, kind, found } of CASES) {
  test(`findFunctionSource() takes ${found} of ${files.join(', ')}`, async (t) => {
    const folder = useTmp(t);
    writeFiles(folder, Object.fromEntries(files.map((file) => [file, ''])));
    assert.deepEqual(await findFunctionSource(folder), { kind, file: found });
  });
}

test('findFunctionSource() takes the entry that was named, and no other when that is missing', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'main.ts': '', 'function.ts': '' });
  assert.deepEqual(await findFunctionSource(folder, 'main.ts'), { kind: 'entry', file: 'main.ts' });
  await assert.rejects(findFunctionSource(folder, 'man.ts'), { code: 'BUILD_FAILED', message: /man\.ts/ });
});

test('findFunctionSource() says what it looked for in a folder without an entry', async (t) => {
  await assert.rejects(findFunctionSource(useTmp(t)), {
    code: 'BUILD_FAILED',
    message: /function, index, src\/function, src\/index as \.ts/,
  });
});
