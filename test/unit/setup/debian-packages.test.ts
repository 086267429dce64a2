import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { useTmp } from '../../helpers/use-tmp.ts';
import { missingPackages } from '../../setup/debian-packages.ts';

test('missingPackages() names what has no file, also where the file is a pattern, in order', (t) => {
  const folder = useTmp(t);
  mkdirSync(join(folder, 'python3.11'));
  writeFileSync(join(folder, 'python3.11/venv.py'), '');
  const packages = [
    { name: 'no-tool', file: join(folder, 'tool') },
    { name: 'venv', file: join(folder, 'python3*/venv.py') },
    { name: 'no-venv', file: join(folder, 'python4*/venv.py') },
  ];
  assert.deepEqual(missingPackages(packages), ['no-tool', 'no-venv']);
});
