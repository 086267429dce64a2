import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { denoCacheEntries } from '../../../../layers/build/deno-cache.ts';
import { installedBinary } from '../../../helpers/bootstrap-on.ts';
import { BWRAP } from '../../../helpers/clients.ts';
import { needs } from '../../../helpers/needs.ts';
import { useTmp } from '../../../helpers/use-tmp.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

test(
  'denoCacheEntries() makes the same bytes again, and Deno uses them where it cannot write',
  needs('bwrap'),
  async (t) => {
    const deno = await installedBinary('deno');
    const make = () => denoCacheEntries(deno, 'cache', new AbortController().signal);
    const [entries, again] = await Promise.all([make(), make()]);
    assert.deepEqual(entries, again);

    const folder = useTmp(t);
    writeFiles(folder, Object.fromEntries(entries.map(({ path, content }) => [path, content])));
    writeFiles(folder, { 'entry.mjs': "import 'node:fs';\nimport 'node:net';\n" });
    const readOnly = [BWRAP, '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];
    const command = [deno, 'run', '--no-config', '--no-lock', '--log-level=debug', join(folder, 'entry.mjs')];
    const env = { DENO_DIR: join(folder, 'cache'), HOME: folder, NO_COLOR: '1' };
    const log = execFileSync('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...readOnly, ...command], {
      env,
      encoding: 'utf8',
    });
    const count = (text: string) => log.split(`${text} for ES module: ext:`).length - 1;
    assert.ok(count('V8 code cache hit') > 50, log);
    assert.equal(count('Updating V8 code cache'), 0, log);
  },
);
