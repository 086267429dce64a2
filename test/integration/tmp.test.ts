import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BWRAP } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const ECHO = { 'function.bundle.js': `export const handler = (event) => event; // ${'x'.repeat(100_000)}` };

/** What `/tmp` may be, as options of bubblewrap; the test's own folder lies below it and is laid over. */
const BROKEN: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  'is full': (folder) => ['--size', '65536', '--tmpfs', '/tmp', '--ro-bind', folder, folder],
  'is read-only': (folder) => ['--tmpfs', '/tmp', '--ro-bind', folder, folder, '--remount-ro', '/tmp'],
};

for (const [what, options] of Object.entries(BROKEN)) {
  test(`a /tmp that ${what} is an init error that says so`, needs('bwrap'), async (t) => {
    const { api, exited } = await useBootstrap(t, {
      files: ECHO,
      variables: { TMPDIR: '/tmp' },
      command: (bootstrap, folder) => {
        return [BWRAP, '--dev-bind', '/', '/', '--die-with-parent', ...options(folder), bootstrap];
      },
    });
    const error = await api.initError();
    assert.equal(error.headers['lambda-runtime-function-error-type'], 'Runtime.PrepareFailed');
    assert.match(String(error.body), /ENOSPC|EROFS/);
    assert.equal(await exited, 1);
  });
}
