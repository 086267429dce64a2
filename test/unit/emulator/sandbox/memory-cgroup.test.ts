import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findCgroupPlace } from '../../../../runtime/emulator/sandbox/find-cgroup-place.ts';
import { MemoryCgroup, removeLeftCgroups } from '../../../../runtime/emulator/sandbox/memory-cgroup.ts';
import { RUNGS, run, useEnvironment } from './use-sandbox.ts';

const MIB = 2 ** 20;
const { place } = await findCgroupPlace(tmpdir());

/** A cgroup that is removed with the test at the latest. */
async function useCgroup(t: TestContext, limitBytes = 64 * MIB) {
  assert.ok(place);
  const cgroup = await MemoryCgroup.make(place, limitBytes);
  t.after(() => cgroup.remove());
  return { cgroup, entryFile: cgroup.entryFile, folder: dirname(cgroup.entryFile) };
}

/** Takes more and more, up to 200 MiB. */
const FILLS = `exec "${process.execPath}" --eval 'const held = []; while (held.push(Buffer.alloc(${MIB}, 1)) < 200);'`;

// No setup could give what a machine forbids: there the tests are not there either.
for (const { isolation, options } of place === undefined ? [] : RUNGS) {
  test(
    `startSandbox() by ${isolation} begins in a cgroup, with the same variables and arguments`,
    options,
    async (t) => {
      const { folder, entryFile } = await useCgroup(t);
      const script = 'tr "\\0" "\\n" </proc/$$/environ | sort; tr "\\0" " " </proc/$$/cmdline';
      const fixture = await useEnvironment(t, isolation, script, { LD_PRELOAD: '', EMPTY: '' });
      const outside = await run(t, fixture);
      const inside = await run(t, { ...fixture, entryFile });
      assert.deepEqual(inside, outside);
      const where = await useEnvironment(t, isolation, 'cat /proc/self/cgroup');
      assert.match((await run(t, { ...where, entryFile })).stdout, new RegExp(`/${basename(folder)}$`, 'm'));
    },
  );

  test(
    `startSandbox() by ${isolation} in a cgroup tells exit codes, signals and a bootstrap that cannot be`,
    options,
    async (t) => {
      const { entryFile } = await useCgroup(t);
      for (const [script, exitCode, signal] of [
        ['exit 127', 127, undefined],
        ['kill -SEGV $$', undefined, 'SIGSEGV'],
      ] as const) {
        const fixture = { ...(await useEnvironment(t, isolation, script)), entryFile };
        const { exit, stderr } = await run(t, fixture);
        assert.deepEqual({ ...exit, stderr }, { exitCode, signal, stderr: '' }, script);
      }
      if (isolation === 'userns') return;
      const fixture = { ...(await useEnvironment(t, isolation, '')), entryFile };
      await writeFile(join(fixture.optFolder, 'bootstrap'), '#!/opt/bin/not-there\n');
      const { exit } = await run(t, fixture);
      assert.notEqual(exit.startFailure, undefined);
      assert.equal(exit.exitCode, undefined);
    },
  );
}

if (place !== undefined) {
  const { folder: where } = place;

  test('a memory cgroup has the kernel kill what goes over it, and counts that', async (t) => {
    const { cgroup, entryFile } = await useCgroup(t);
    assert.equal(cgroup.kills(), 0);
    const { exit } = await run(t, { ...(await useEnvironment(t, 'paths', FILLS)), entryFile });
    assert.equal(exit.signal, 'SIGKILL');
    assert.equal(cgroup.kills(), 1);
    const { markBytes } = cgroup.usage();
    assert.ok(markBytes > 60 * MIB && markBytes <= 64 * MIB, `${markBytes} bytes`);
    // The kernel's own thread may hold the memory of what it killed for a moment.
    while (cgroup.usage().currentBytes > 10 * MIB) await delay(2);
  });

  test('remove() ends what still runs in a memory cgroup', async (t) => {
    const { cgroup, entryFile, folder } = await useCgroup(t);
    const script = `echo 0 >"$0"; setsid sleep 1000 & echo started; exec sleep 1000`;
    const child = spawn('/bin/sh', ['-c', script, entryFile], {
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const closed = once(child, 'close');
    await cgroup.remove();
    // The output is closed when the last process has ended that holds it.
    assert.deepEqual(await closed, [null, 'SIGKILL']);
    assert.ok(!(await readdir(where)).includes(basename(folder)));
    await cgroup.remove();
  });

  test('findCgroupPlace() removes what a killed run left behind', async () => {
    const left = join(where, `pilotlight-${process.pid}-zz-Ab12Cd`);
    await mkdir(left);
    await findCgroupPlace(tmpdir());
    assert.ok(!(await readdir(where)).includes(basename(left)));
  });

  test('removeLeftCgroups() ends what runs in those of dead processes, and leaves all others', async (t) => {
    // A folder of its own, because every local Lambda beside this test removes what was left in the common one.
    const folder = join(where, `pilotlight-test-${process.pid}`);
    const live = basename((await useCgroup(t)).folder);
    const left = `pilotlight-${process.pid}-zz-Ab12Cd`;
    const foreign = `${left}.bak`;
    await mkdir(folder);
    for (const name of [live, left, foreign]) await mkdir(join(folder, name));
    t.after(async () => {
      for (const name of [live, foreign, '.']) await rmdir(join(folder, name));
    });
    const [dead, other] = [left, foreign].map((name) => {
      const script = 'echo $$ >"$0"; echo in; exec sleep 1000';
      const child = spawn('/bin/sh', ['-c', script, join(folder, name, 'cgroup.procs')], {
        env: { PATH: '/usr/bin:/bin' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { child, inside: once(child.stdout, 'data'), ended: once(child, 'exit') };
    });
    assert.ok(dead && other);
    await Promise.all([dead.inside, other.inside]);
    await removeLeftCgroups(folder);
    assert.deepEqual(await dead.ended, [null, 'SIGKILL']);
    const names = (await readdir(folder)).filter((name) => name.startsWith('pilotlight-'));
    assert.deepEqual(names.sort(), [foreign, live].sort());
    other.child.kill('SIGTERM');
    assert.deepEqual(await other.ended, [null, 'SIGTERM']);
  });
}
