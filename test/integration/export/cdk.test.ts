import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { CDK_FOLDER } from '../../helpers/clients.ts';
import { EXPORTED_NAMES, type ExportedName, useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { type Template, toldByTemplate } from '../../helpers/read-template.ts';
import { writeFiles } from '../../helpers/write-files.ts';

const CLASSES: Readonly<Record<ExportedName, string>> = {
  plain: 'Shop',
  full: 'MyFullShop',
  others: 'Function2nd',
};
const TSC = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
/** A whole app, in the process itself: the command of the CDK would want an account. */
const app = (name: string) => `
import { App, Stack } from 'aws-cdk-lib';
import { ${name} } from './construct.ts';
const app = new App({ outdir: 'out', analyticsReporting: false });
new ${name}(new Stack(app, 'Stack'), 'Shop');
app.synth();
`;
const CLEAN = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

async function useConstruct(t: Parameters<typeof useExported>[0], name: ExportedName) {
  const shop = useExported(t, name);
  symlinkSync(join(CDK_FOLDER, 'node_modules'), join(shop.folder, 'node_modules'));
  writeFiles(shop.folder, { 'construct.ts': await shop.export('cdk'), 'app.ts': app(CLASSES[name]) });
  return shop;
}

describe('export cdk', needs('aws-cdk-lib'), () => {
  for (const name of EXPORTED_NAMES) {
    test(`synthesizes to all settings of the function "${name}"`, async (t) => {
      const shop = await useConstruct(t, name);
      await execa(process.execPath, ['app.ts'], {
        cwd: shop.folder,
        env: { HOME: shop.folder },
        extendEnv: false,
      });
      const read = (file: string) => readFileSync(join(shop.folder, 'out', file), 'utf8');
      const template: Template = JSON.parse(read('Stack.template.json'));
      // A zip was copied under its digest, and holds its path.
      const zipOf = (properties: { Code?: { S3Key: string }; Content?: { S3Key: string } }) =>
        read(`asset.${(properties.Code ?? properties.Content)?.S3Key}`);
      assert.deepEqual(toldByTemplate(template, zipOf), await shop.wanted());
    });
  }

  test('has the types that the CDK wants', async (t) => {
    const { folder } = await useConstruct(t, 'full');
    const options = [
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      '',
    ];
    const args = [TSC, '--noEmit', ...options, join(folder, 'construct.ts')];
    const { stdout, exitCode } = await execa(process.execPath, args, {
      ...CLEAN,
      cwd: folder,
      reject: false,
    });
    assert.deepEqual([stdout, exitCode], ['', 0]);
  });
});
