import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { execa } from 'execa';
import { cgroupPlaces, findCgroupPlace } from '../../../../runtime/emulator/sandbox/find-cgroup-place.ts';
import { RUNGS } from './use-sandbox.ts';

const userns = RUNGS.find(({ isolation }) => isolation === 'userns');

const V1 = '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory';
const V2 = '41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';

for (const [what, mounts, own, places] of [
  [
    'of version 1 below its own',
    [V1.replace('memory rw', 'cpu rw').replace('rw,memory', 'rw,cpu'), V1],
    ['4:memory:/a/b', '3:cpu:/c', '0::/'],
    [{ version: 1, folder: '/sys/fs/cgroup/memory/a/b' }],
  ],
  [
    'of version 1 that are mounted together with others',
    [V1.replaceAll('memory', 'cpu,memory')],
    ['4:cpu,memory:/'],
    [{ version: 1, folder: '/sys/fs/cgroup/cpu,memory/' }],
  ],
  [
    'of version 2 below and beside its own',
    [V2],
    ['0::/user.slice/app.slice/shell.scope'],
    [
      { version: 2, folder: '/sys/fs/cgroup/user.slice/app.slice/shell.scope' },
      { version: 2, folder: '/sys/fs/cgroup/user.slice/app.slice' },
    ],
  ],
  ['of version 2 at the top', [V2], ['0::/'], [{ version: 2, folder: '/sys/fs/cgroup/' }]],
  [
    'in a container that sees its own part alone',
    [V1.replace(' / ', ' /docker/c1 ')],
    ['4:memory:/docker/c1/part'],
    [{ version: 1, folder: '/sys/fs/cgroup/memory/part' }],
  ],
  [
    'in no part that it does not see',
    [V1.replace(' / ', ' /docker/c1 '), V2],
    ['4:memory:/docker/c10', '0::/../other'],
    [],
  ],
  ['nowhere without a mount', [], ['4:memory:/a', '0::/'], []],
] as const) {
  test(`cgroupPlaces() looks for cgroups ${what}`, () => {
    assert.deepEqual(cgroupPlaces(mounts.join('\n'), `${own.join('\n')}\n`), places);
  });
}

test('findCgroupPlace() has none for a work folder in memory, whose files would count', async () => {
  const folder = await mkdtemp('/dev/shm/pilotlight-test-');
  try {
    assert.match((await findCgroupPlace(folder)).problem ?? '', /could not tell the files in "\/dev\/shm/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('findCgroupPlace() says why none can be made', userns?.options ?? {}, async () => {
  const module = new URL('../../../../runtime/emulator/sandbox/find-cgroup-place.ts', import.meta.url);
  const program = `import { findCgroupPlace } from ${JSON.stringify(module.href)};
    console.log((await findCgroupPlace(${JSON.stringify(tmpdir())})).problem);`;
  // What the machine has is laid over by nothing, or is there to be read only.
  for (const [handicap, problem] of [
    ['mount -t tmpfs none /sys', /no such file or directory/],
    [
      `awk '/ - cgroup/ { print $5 }' /proc/self/mountinfo | while read -r folder; do mount -o remount,bind,ro "$folder"; done`,
      /read-only file system/,
    ],
  ] as const) {
    const script = `${handicap}\nexec "$0" --input-type=module --eval "$1"`;
    const { stdout } = await execa(
      'unshare',
      ['-r', '-m', 'sh', '-e', '-c', script, process.execPath, program],
      { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, extendEnv: false, cwd: '/' },
    );
    assert.match(stdout, problem);
  }
});
