import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

const CLI = join(import.meta.dirname, '../../../../runtime/cli.ts');

function pilotlight(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [CLI, ...args], { cwd, env: {}, encoding: 'utf8' });
}

test('export --out writes paths as seen from the file, and import makes of it what it was made from', (t) => {
  const folder = useTmp(t);
  const settings = {
    name: 'sho_p',
    handler: 'a.b',
    arch: 'arm64',
    memoryMiB: 300,
    timeoutS: 9,
    layers: ['../x.zip'],
  };
  writeFiles(folder, { 'shop/pilotlight.json': settings, 'there/.keep': '' });
  const file = 'there/serverless.yml';
  const exported = pilotlight(folder, 'export', 'serverless', 'shop', '--out', file, '--zips', 'zips');
  assert.deepEqual([exported.stdout, exported.status], [`${file}\n`, 0], exported.stderr);
  assert.match(
    readFileSync(join(folder, file), 'utf8'),
    /artifact: \.\.\/zips\/interpreter-node-arm64\.zip\n/,
  );
  const imported = pilotlight(folder, 'import', file, '--out', 'new/deep');
  assert.deepEqual(
    [imported.stdout, imported.stderr, imported.status],
    ['new/deep/pilotlight.json\n', '', 0],
  );
  const layers = ['../../x.zip'];
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'new/deep/pilotlight.json'), 'utf8')), {
    ...settings,
    layers,
  });
});

test('export names the formats there are', (t) => {
  const { stderr, status } = pilotlight(useTmp(t), 'export', 'pulumi');
  assert.equal(status, 2);
  assert.match(
    stderr,
    /"pulumi" for format: expected cloudformation, sam, serverless, terraform, cdk, commands\n/,
  );
});

test('import overwrites nothing, and makes a folder for each of several functions', (t) => {
  const folder = useTmp(t);
  const yaml = 'provider: aws\nfunctions: { a: { handler: x.y, tags: { b: c } }, b: { handler: z } }\n';
  writeFiles(folder, { 'serverless.yml': yaml, 'b/pilotlight.json': '{}' });
  const refused = pilotlight(folder, 'import', 'serverless.yml');
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /^CANNOT {2}Cannot write "b\/pilotlight\.json"/m);
  assert.equal(existsSync(join(folder, 'a')), false);
  const { stdout, stderr, status } = pilotlight(folder, 'import', 'serverless.yml', '--out', 'c', '--json');
  assert.equal(status, 0);
  const { files, differences } = JSON.parse(stdout);
  assert.deepEqual(
    files.map(({ path }: { path: string }) => path),
    ['c/a/pilotlight.json', 'c/b/pilotlight.json'],
  );
  assert.deepEqual(differences, [{ path: 'functions.a.tags', why: 'pilotlight has nothing of the kind' }]);
  assert.match(stderr, /^not taken over {2}functions\.a\.tags: /);
  assert.ok(existsSync(join(folder, 'c/b/pilotlight.json')));
});
