import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BWRAP, pinnedNodeFolder } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';

const ECHO = { 'function.bundle.js': `export const handler = (event) => event; // ${'x'.repeat(100_000)}` };

/** What `/tmp` may be, as options of bubblewrap. */
const BROKEN: Readonly<Record<string, { first: readonly string[]; last: readonly string[] }>> = {
  'is full': { first: ['--size', '65536', '--tmpfs', '/tmp'], last: [] },
  'is read-only': { first: ['--tmpfs', '/tmp'], last: ['--remount-ro', '/tmp'] },
};

for (const [what, { first, last }] of Object.entries(BROKEN)) {
  test(`a /tmp that ${what} is an init error that says so`, needs('bwrap'), async (t) => {
    const { api, exited } = await useBootstrap(t, {
      files: ECHO,
      variables: { TMPDIR: '/tmp' },
      // What the bootstrap is made of may lie below /tmp, and is laid over the broken one.
      command: (bootstrap, folder) => {
        const kept = [folder, pinnedNodeFolder()].flatMap((path) => ['--ro-bind', path, path]);
        return [BWRAP, '--dev-bind', '/', '/', '--die-with-parent', ...first, ...kept, ...last, bootstrap];
      },
    });
    const error = await api.initError();
    assert.equal(error.headers['lambda-runtime-function-error-type'], 'Runtime.PrepareFailed');
    assert.match(String(error.body), /ENOSPC|EROFS/);
    assert.equal(await exited, 1);
  });
}
