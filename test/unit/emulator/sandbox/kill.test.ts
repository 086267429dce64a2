import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { execa } from 'execa';
import { proportionalBytes } from '../../../../runtime/emulator/sandbox/process-table.ts';
import { findByWord, RUNGS, useEnvironment, useSandbox } from './use-sandbox.ts';

/** A script that says so when it runs, and stays; the name of the log stream is how the test finds it. */
const STAYS = `sh -c 'echo up; while :; do sleep 1000; done' "$AWS_LAMBDA_LOG_STREAM_NAME"`;

/** Resolves when that many processes have said that they run. */
function untilUp(stdout: Readable, count: number): Promise<void> {
  let missing = count;
  return new Promise((resolve) => {
    createInterface(stdout).on('line', () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
}

for (const { isolation, options } of RUNGS) {
  /** Each a way to get out of sight, with the bootstrap as the last line. */
  for (const [what, script, up] of [
    ['a child of another session', `setsid ${STAYS} & sleep 1000`, 1],
    ['an orphan of another session', `(setsid ${STAYS} &) ; sleep 1000`, 1],
    [
      'an orphan of another session that is stopped',
      `(setsid ${STAYS.replace('while', () => 'kill -STOP $$; while')} &); sleep 1000`,
      1,
    ],
    ['a child without variables', `env -i setsid ${STAYS} & sleep 1000`, 1],
    ['children that ignore SIGTERM', `trap '' TERM; ${STAYS} & ${STAYS}`, 2],
  ] as const) {
    test(`kill() by ${isolation} ends ${what}`, options, async (t) => {
      const fixture = await useEnvironment(t, isolation, script);
      const sandbox = await useSandbox(t, fixture);
      const stderr = text(sandbox.stderr);
      await untilUp(sandbox.stdout, up);
      assert.ok((await findByWord(fixture.mark)).length >= up);
      await sandbox.kill();
      assert.deepEqual(await findByWord(fixture.mark), []);
      assert.deepEqual(await sandbox.exited, { exitCode: undefined, signal: 'SIGKILL' });
      assert.equal(await stderr, '');
    });
  }

  test(
    `kill() by ${isolation} ends what a bootstrap left behind that has ended itself`,
    options,
    async (t) => {
      const script = `(setsid ${STAYS} &); env -i ${STAYS} & exit 3`;
      const fixture = await useEnvironment(t, isolation, script);
      const sandbox = await useSandbox(t, fixture);
      sandbox.stderr.resume();
      const up = untilUp(sandbox.stdout, 2);
      assert.equal((await sandbox.exited).exitCode, 3);
      if (isolation === 'paths') {
        await up;
        assert.ok((await findByWord(fixture.mark)).length >= 2);
      }
      await sandbox.kill();
      assert.deepEqual(await findByWord(fixture.mark), []);
      assert.deepEqual(sandbox.processes(), []);
    },
  );

  test(`kill() by ${isolation} may come at once, twice and after the end`, options, async (t) => {
    const fixture = await useEnvironment(t, isolation, STAYS);
    const sandbox = await useSandbox(t, fixture);
    await Promise.all([sandbox.kill(), sandbox.kill()]);
    await sandbox.kill();
    assert.deepEqual(await findByWord(fixture.mark), []);
    assert.equal((await sandbox.exited).signal, 'SIGKILL');
  });

  test(`kill() by ${isolation} leaves a neighbour alone`, options, async (t) => {
    const first = await useEnvironment(t, isolation, STAYS);
    const second = await useEnvironment(t, isolation, STAYS);
    const sandbox = await useSandbox(t, first);
    const neighbour = await useSandbox(t, second);
    await Promise.all([untilUp(sandbox.stdout, 1), untilUp(neighbour.stdout, 1)]);
    await sandbox.kill();
    assert.deepEqual(await findByWord(first.mark), []);
    assert.notDeepEqual(await findByWord(second.mark), []);
  });

  test(`terminate() by ${isolation} sends SIGTERM to the bootstrap alone`, options, async (t) => {
    const script = `trap 'echo ended; exit 5' TERM; (trap 'echo wrong' TERM; echo up; while :; do sleep 1000; done) & wait`;
    const sandbox = await useSandbox(t, await useEnvironment(t, isolation, script));
    sandbox.stderr.resume();
    const lines: string[] = [];
    createInterface(sandbox.stdout).on('line', (line) => {
      lines.push(line);
      if (line === 'up') sandbox.terminate();
    });
    assert.equal((await sandbox.exited).exitCode, 5);
    await sandbox.kill();
    assert.deepEqual(lines, ['up', 'ended']);
  });

  test(`processes() by ${isolation} lists all processes of the environment`, options, async (t) => {
    // dd fills its block before it writes the first byte, and then waits for the pipe to be emptied.
    const hold = 'dd if=/dev/zero bs=20M count=1 | { head -c 1 >/dev/null; echo up; sleep 1000; }';
    const sandbox = await useSandbox(t, await useEnvironment(t, isolation, hold));
    await untilUp(sandbox.stdout, 1);
    const bytes = await proportionalBytes(sandbox.processes());
    assert.ok(bytes > 20_000_000 && bytes < 200_000_000, `${bytes} bytes`);
    assert.ok(sandbox.processes().length >= 2);
  });
}

for (const { isolation, options } of RUNGS.filter(({ isolation }) => isolation !== 'paths')) {
  test(`an environment by ${isolation} ends with the process that started it`, options, async (t) => {
    const script = `exec 9>/tmp/alive; echo up; (setsid ${STAYS} &); sleep 1000`;
    const fixture = await useEnvironment(t, isolation, script);
    const alive = join(fixture.tmpFolder, 'alive');
    execFileSync('mkfifo', [alive]);
    const module = new URL('../../../../runtime/emulator/sandbox/start-sandbox.ts', import.meta.url);
    const program = `import { startSandbox } from ${JSON.stringify(module.href)};
      const sandbox = await startSandbox(${JSON.stringify(fixture)});
      sandbox.stdout.pipe(process.stdout);`;
    const starter = execa(process.execPath, ['--input-type=module', '--eval', program], {
      env: {},
      extendEnv: false,
      buffer: false,
      reject: false,
    });
    // The pipe ends when the last process of the environment has ended that could write to it.
    const ended = text(createReadStream(alive));
    await untilUp(starter.stdout, 2);
    starter.kill('SIGKILL');
    await ended;
    assert.deepEqual(await findByWord(fixture.mark), []);
  });
}
