import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeZip } from '../../../../layers/build/zip.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { goodParts, runtimeJson, writeParts } from './good-set.ts';

const CLI = fileURLToPath(new URL('../../../../runtime/cli.ts', import.meta.url));

function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'check', ...args], {
    encoding: 'utf8',
    env: {},
  });
  return { status, stdout, stderr };
}

test('check says that a good set is good, and what it cannot see', (t) => {
  // What stands for its interpreter is none.
  const { status, stdout, stderr } = check(...writeParts(useTmp(t), goodParts()), '--no-load');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^1 set of 3 parts with 9 files checked for provided\.al2023: 0 errors, 0 warnings\n/);
  assert.match(stdout, /Not to be seen from here:\n {2}- /);
  assert.match(stdout, /\n {2}- whether bundles load .*--no-load/);
});

test('check ends with 1 and names part, file, what Lambda would say and what to do', (t) => {
  const parts = goodParts();
  Object.assign(parts.runtime ?? {}, { 'pilotlight/runtime.json': runtimeJson({ protocol: 9 }) });
  const paths = writeParts(useTmp(t), parts);
  const { status, stdout } = check(...paths);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^error {4}runtime: pilotlight\/runtime\.json {2}\(protocol-mismatch\)\n.* protocol 9, /,
  );
  assert.match(stdout, /\n +Lambda {2}Runtime\.ProtocolMismatch .*\n +next {4}\S/);
  const json = JSON.parse(check(...paths, '--json').stdout);
  assert.deepEqual(json.sets, [{ name: 'fn', layers: ['interpreter', 'runtime'], function: 'fn' }]);
  assert.equal(json.findings[0].code, 'protocol-mismatch');
  assert.ok(json.unseen.length > 0);
});

test('check keeps zips of one name apart', async (t) => {
  const folder = useTmp(t);
  const { interpreter = {} } = goodParts();
  const zips = { a: ['bootstrap', 'pilotlight/runtime.json'], b: ['function.bundle.js'] };
  const paths = Object.entries(zips).map(([name, files]) => ({ zip: join(folder, name, 'part.zip'), files }));
  for (const { zip, files } of paths) {
    const content = Buffer.from(runtimeJson().content);
    await writeZip(
      zip,
      files.map((path) => ({ path, content, executable: true })),
    );
  }
  const all = [...writeParts(folder, { interpreter }), ...paths.map(({ zip }) => zip)];
  const { sets, findings } = JSON.parse(check(...all, '--no-load', '--json').stdout);
  assert.deepEqual(sets, [{ name: 'part', layers: ['interpreter', 'part'], function: 'part' }]);
  const codes = findings.map(({ code }: { code: string }) => code);
  assert.ok(!codes.includes('two-bootstraps') && !codes.includes('bootstrap-in-function'), codes.join());
});

test('check takes no file for an interpreter because its part is named as that of one', async (t) => {
  const folder = useTmp(t);
  const zip = join(folder, 'other/interpreter.zip');
  await writeZip(zip, [{ path: 'bin/node', content: Buffer.from('x'), executable: false }]);
  const { findings } = JSON.parse(
    check(...writeParts(folder, goodParts()), zip, '--no-load', '--json').stdout,
  );
  const codes = findings.map(({ code }: { code: string }) => code);
  assert.deepEqual(codes, ['shadowed-file']);
});

test('check ends with 2 for a path or target that is none', () => {
  for (const args of [['nowhere.zip'], ['--target', 'al2099']]) {
    const { status, stdout, stderr } = check(...args);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, /^USAGE {2}Cannot /);
  }
});
