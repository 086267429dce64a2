import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../../../runtime/config.ts';
import type { Folder } from '../../../../runtime/prepare/folder.ts';
import { permit } from '../../../../runtime/supervisor/permissions.ts';

/** An interpreter that can restrict the network, too, and takes its script behind a verb. */
const DENO = {
  name: 'deno',
  version: '2.5.0',
  binary: '/opt/bin/deno',
  worker: ['{binary}', 'run', '{host}'],
  host: '/opt/pilotlight/hosts/deno.mjs',
  bundles: ['js'],
  variables: {},
  permissions: {
    on: ['--no-prompt'],
    all: { read: '--allow-read', write: '--allow-write', net: '--allow-net', run: '--allow-run' },
    some: {
      read: '--allow-read={value}',
      write: '--allow-write={value}',
      net: '--allow-net={value}',
      run: '--allow-run={value}',
    },
    unrestricted: [],
  },
};
const FOLDER: Folder = {
  root: '/tmp/pilotlight',
  functionFolder: '/tmp/pilotlight/function',
  cacheFolder: '/tmp/pilotlight/cache',
  socketPath: () => '/tmp/pilotlight/run/w1.sock',
  remove: () => {},
};
const HOST = [
  '--allow-read=/var/task',
  '--allow-read=/opt',
  '--allow-read=/tmp/pilotlight/function',
  '--allow-read=/tmp/pilotlight/run',
  '--allow-write=/tmp/pilotlight/run',
];
const settings = (permissions: string) =>
  readSettings({ PILOTLIGHT_PERMISSIONS: permissions }, '/opt/pilotlight/bootstrap.cjs');

test('permit() makes what an interpreter calls its permissions of the setting', () => {
  const { args, note } = permit(DENO, settings('net=example.com:443, run=git,run=sh,write'), FOLDER);
  const own = ['--allow-net=example.com:443', '--allow-run=git', '--allow-run=sh', '--allow-write'];
  assert.deepEqual(args, ['--no-prompt', ...own, ...HOST]);
  assert.doesNotMatch(note, /cannot restrict/);
});

test('permit() allows what the host needs where the setting is "none"', () => {
  assert.deepEqual(permit(DENO, settings('none'), FOLDER).args, ['--no-prompt', ...HOST]);
});

test('permit() refuses any setting for an interpreter that cannot be restricted', () => {
  const php = { ...DENO, name: 'php', version: '8.4', permissions: undefined };
  assert.throws(() => permit(php, settings('none'), FOLDER), {
    code: 'SETTING_INVALID',
    message: /php 8\.4 cannot be restricted, expected off/,
  });
});

test('readSettings() takes no restriction from "off" or nothing', () => {
  assert.deepEqual(
    ['', 'off'].map(settings).map(({ permissions }) => permissions),
    [undefined, undefined],
  );
});
