import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cfnLint } from '../../helpers/cfn-lint.ts';
import { EXPORTED_NAMES, useExported } from '../../helpers/exported.ts';
import { needs } from '../../helpers/needs.ts';
import { readTemplate, toldByTemplate } from '../../helpers/read-template.ts';
import { writeFiles } from '../../helpers/write-files.ts';

const FORMATS = ['cloudformation', 'sam'] as const;

describe('export cloudformation and sam', () => {
  for (const name of EXPORTED_NAMES) {
    test(`tell all settings of the function "${name}"`, async (t) => {
      const shop = useExported(t, name);
      for (const format of FORMATS) {
        const template = readTemplate(await shop.export(format));
        const zip = { cloudformation: ['Code', 'Content'], sam: ['CodeUri', 'ContentUri'] }[format];
        const told = toldByTemplate(
          template,
          (properties) => properties[zip[0] ?? ''] ?? properties[zip[1] ?? ''],
        );
        assert.deepEqual(told, await shop.wanted(), format);
      }
    });
  }

  test('are clean to cfn-lint, which finds what is wrong in them', needs('cfn-lint'), async (t) => {
    const clean: string[] = [];
    const broken: string[] = [];
    for (const name of EXPORTED_NAMES) {
      const shop = useExported(t, name);
      for (const format of FORMATS) {
        const text = await shop.export(format);
        const wrong = text.replace('MemorySize:', 'MemorySise:');
        writeFiles(shop.folder, { [`${format}.yaml`]: text, [`broken-${format}.yaml`]: wrong });
        clean.push(join(shop.folder, `${format}.yaml`));
        broken.push(join(shop.folder, `broken-${format}.yaml`));
      }
    }
    const matches = await cfnLint(...clean, ...broken);
    const found = new Set(matches.map(({ Filename }) => Filename));
    assert.deepEqual(
      matches.filter(({ Filename }) => clean.includes(Filename)),
      [],
    );
    assert.deepEqual([...found].toSorted(), broken.toSorted());
  });
});
