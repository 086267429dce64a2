import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { serverlessId } from '../../../layers/export/serverless-id.ts';
import { importServerless } from '../../../layers/import/import-serverless.ts';
import { SERVERLESS_FOLDER } from '../../helpers/clients.ts';
import { EXPORTED, EXPORTED_NAMES, useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { writeFiles } from '../../helpers/write-files.ts';

const PACKAGE = join(SERVERLESS_FOLDER, 'node_modules/serverless');

/** What the framework makes of a file: defaults filled in, variables resolved, each key held against its schema. */
async function print(folder: string) {
  return execa(process.execPath, [join(PACKAGE, 'bin/serverless.js'), 'print'], {
    cwd: folder,
    extendEnv: false,
    reject: false,
    env: {
      HOME: folder,
      TMPDIR: folder,
      PATH: '/usr/bin:/bin',
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
    },
  });
}

describe('export serverless', () => {
  for (const name of EXPORTED_NAMES) {
    test(`tells all settings of the function "${name}": importing it gives them back`, async (t) => {
      const { functions, differences } = importServerless(await useExported(t, name).export('serverless'));
      const given = EXPORTED[name].settings;
      const own = 'layers' in given && { layers: given.layers.map((layer) => layer.replace('../', '')) };
      const defaults = { name: 'shop', handler: 'function.handler', memoryMiB: 256, timeoutS: 3 };
      assert.deepEqual(differences, []);
      assert.deepEqual(
        functions.map(({ settings }) => settings),
        [{ ...defaults, ...given, ...own }],
      );
    });
  }

  test('is understood by the framework as it was meant', needs('serverless'), async (t) => {
    const shop = useExported(t, 'full');
    const text = await shop.export('serverless');
    writeFiles(shop.folder, { 'serverless.yml': text });
    const { stdout, exitCode } = await print(shop.folder);
    assert.equal(exitCode, 0, stdout);
    const [wanted] = importServerless(text).functions;
    // What it printed has no escapes any more: `${x}` stands for itself.
    const [found] = importServerless(stdout.replaceAll('${', '\\${')).functions;
    assert.deepEqual(found, wanted);
  });

  test('would be refused by the framework with a key that is none', needs('serverless'), async (t) => {
    const shop = useExported(t, 'plain');
    const text = await shop.export('serverless');
    writeFiles(shop.folder, { 'serverless.yml': text.replace('memorySize:', 'memorySise:') });
    const { exitCode, stdout } = await print(shop.folder);
    assert.equal(exitCode, 1);
    assert.match(stdout, /memorySise/);
  });

  test('names layers as the framework does', needs('serverless'), () => {
    const naming = createRequire(import.meta.url)(join(PACKAGE, 'lib/plugins/aws/lib/naming.js'));
    for (const id of ['node', 'lua2', 'my-full_shop', 'aB']) {
      assert.equal(`${serverlessId(id)}LambdaLayer`, naming.getLambdaLayerLogicalId(id));
      assert.equal(`${serverlessId(id)}LambdaFunction`, naming.getLambdaLogicalId(id));
    }
  });
});
