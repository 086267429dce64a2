import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readInterpreterSource, readPinnedPackage } from '../../../layers/build/interpreter-source.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { writeFiles } from '../../helpers/write-files.ts';

const CLI = join(import.meta.dirname, '../../../runtime/cli.ts');

/** Runs a verb in a process of its own, with nothing of the shell's environment. */
function pilotlight(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    cwd,
    env: {},
    encoding: 'utf8',
  });
}

const FUNCTION = { 'shop/index.ts': 'export const handler = async (): Promise<number> => 1;' };

test('build prints path and size of the zip alone, which goes to dist/ by default', (t) => {
  const folder = useTmp(t);
  writeFiles(folder, FUNCTION);
  const { stdout, stderr, status } = pilotlight(folder, 'build', 'shop');
  assert.match(stdout, /^dist\/function-shop\.zip {2}0\.\d kB\n$/);
  assert.deepEqual([stderr, status], ['', 0]);
  assert.deepEqual(readdirSync(join(folder, 'dist')).toSorted(), [
    'function-shop.bundle.js.map',
    'function-shop.zip',
    'parts.json',
  ]);
});

test('build --json says what the zip is', (t) => {
  const folder = useTmp(t);
  writeFiles(folder, FUNCTION);
  const args = ['build', 'shop', '--out', 'zips', '--name', 'my-shop', '--source-map', 'none', '--json'];
  const { stdout, status } = pilotlight(folder, ...args);
  const zip = readFileSync(join(folder, 'zips/function-my-shop.zip'));
  const { contentsSha256, ...result } = JSON.parse(stdout);
  assert.equal(status, 0);
  assert.match(contentsSha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(result, {
    name: 'my-shop',
    part: 'function-my-shop',
    zip: 'zips/function-my-shop.zip',
    bytes: zip.length,
    sha256: createHash('sha256').update(zip).digest('hex'),
    sourceMap: null,
    rebuilt: true,
  });
});

test('build leaves the zips of other parts and their records alone', (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { ...FUNCTION, 'other/index.ts': 'export const handler = () => 2;' });
  pilotlight(folder, 'build', 'other');
  const { mtimeMs } = statSync(join(folder, 'dist/function-other.zip'));
  const before = JSON.parse(readFileSync(join(folder, 'dist/parts.json'), 'utf8'));
  pilotlight(folder, 'build', 'shop');
  const now = JSON.parse(readFileSync(join(folder, 'dist/parts.json'), 'utf8'));
  assert.equal(statSync(join(folder, 'dist/function-other.zip')).mtimeMs, mtimeMs);
  assert.deepEqual(Object.keys(now), ['function-other', 'function-shop']);
  assert.deepEqual(now['function-other'], before['function-other']);
});

test('build and layers exit with 2 for wrong usage and with 3 for what cannot be built', (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { 'broken/index.ts': 'export const = 1;' });
  const cases = [
    { args: ['build', 'broken'], status: 3, says: /BUILD_FAILED .*index\.ts:1:14 / },
    { args: ['build', 'nowhere'], status: 3, says: /BUILD_FAILED .*nowhere/ },
    { args: ['build', 'broken', '--source-map', 'away'], status: 2, says: /beside, inside, none/ },
    { args: ['build'], status: 2, says: /Expected DIR/ },
    { args: ['layers', 'perl'], status: 2, says: /"perl".*\bnode\b/ },
    { args: ['layers', '--arch', 'mips'], status: 2, says: /x86_64, arm64, all/ },
  ];
  for (const { args, status, says } of cases) {
    const ended = pilotlight(folder, ...args);
    assert.match(ended.stderr, says);
    assert.deepEqual([ended.stdout, ended.status], ['', status], args.join(' '));
  }
  assert.deepEqual(readdirSync(folder), ['broken']);
});

test('layers --list says what an interpreter is and what is left beside it, as a table or JSON', async (t) => {
  const folder = useTmp(t);
  const { version } = await readPinnedPackage(await readInterpreterSource('node'), 'arm64');
  const { interpreters, combinations } = JSON.parse(
    pilotlight(folder, 'layers', 'node', '--list', '--json').stdout,
  );
  assert.partialDeepStrictEqual(interpreters, [
    { name: 'node', version, arch: 'x86_64', glibc: '2.28', bytes: null },
    { name: 'node', version, arch: 'arm64', glibc: '2.28', bytes: null },
  ]);
  assert.partialDeepStrictEqual(combinations, [{ names: ['node'] }, { names: ['node'] }]);
  const lines = pilotlight(folder, 'layers', 'node', '--list').stdout.trimEnd().split('\n');
  const cells = lines.map((line) => line.split(/ {2,}/));
  assert.deepEqual(cells.slice(0, 2), [
    ['name', 'version', 'arch', 'glibc', 'runs on', 'zip', 'of 52.4 MB', 'unpacked'],
    ['node', version, 'x86_64', '2.28', 'al2023', 'not built', '~108.7 MB'],
  ]);
  assert.deepEqual(cells.at(-2), ['arm64', 'node']);
});
