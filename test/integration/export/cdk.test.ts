import assert from 'node:assert/strict';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { CDK_FOLDER } from '../../helpers/clients.ts';
import { EXPORTED_NAMES, type Told, useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { type Template, toldByTemplate } from '../../helpers/read-template.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { writeFiles } from '../../helpers/write-files.ts';

/** What the exports call their constructs. */
const CLASSES = { plain: 'Shop', full: 'MyFullShop', others: 'Function2nd' } as const;
const TSC = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
/** A whole app, in the process itself: the command of the CDK would want an account. */
const APP = `
import { App, Stack } from 'aws-cdk-lib';
${EXPORTED_NAMES.map((name) => `import { ${CLASSES[name]} } from './${name}.ts';\n`).join('')}
const app = new App({ outdir: 'out', analyticsReporting: false });
${EXPORTED_NAMES.map((name) => `new ${CLASSES[name]}(new Stack(app, '${name}'), 'Shop');\n`).join('')}
app.synth();
`;

describe('export cdk', needs('aws-cdk-lib'), () => {
  test('has the types of the CDK, and synthesizes to all settings', async (t) => {
    const folder = useTmp(t);
    const clean = {
      cwd: folder,
      extendEnv: false,
      reject: false,
      env: { HOME: folder, TMPDIR: folder },
    } as const;
    symlinkSync(join(CDK_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    writeFiles(folder, { 'app.ts': APP });
    const wanted: Record<string, Told> = {};
    for (const name of EXPORTED_NAMES) {
      const shop = useExported(t, name);
      // Side by side, as one app has them: a zip of the same name has the same content.
      cpSync(shop.folder, folder, { recursive: true });
      writeFiles(folder, { [`${name}.ts`]: await shop.export('cdk') });
      wanted[name] = await shop.wanted();
    }
    const strict = [
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      '',
    ];
    const files = EXPORTED_NAMES.map((name) => `${name}.ts`);
    const [types, app] = await Promise.all([
      execa(process.execPath, [TSC, '--noEmit', ...strict, ...files], clean),
      execa(process.execPath, ['app.ts'], clean),
    ]);
    assert.deepEqual([types.stdout, types.exitCode], ['', 0]);
    assert.equal(app.exitCode, 0, app.stderr);
    const read = (file: string) => readFileSync(join(folder, 'out', file), 'utf8');
    // A zip was copied under its digest, and holds its path.
    const zipOf = (properties: { Code?: { S3Key: string }; Content?: { S3Key: string } }) =>
      read(`asset.${(properties.Code ?? properties.Content)?.S3Key}`);
    for (const name of EXPORTED_NAMES) {
      const template: Template = JSON.parse(read(`${name}.template.json`));
      assert.deepEqual(toldByTemplate(template, zipOf), wanted[name], name);
    }
  });
});
