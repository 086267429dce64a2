import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { RUNGS, run, useEnvironment, useSandbox } from './use-sandbox.ts';

const NAMESPACED = RUNGS.filter(({ isolation }) => isolation !== 'paths');

for (const { isolation, options } of RUNGS) {
  test(`startSandbox() by ${isolation} tells exit codes and signals of the bootstrap`, options, async (t) => {
    for (const [script, exitCode, signal] of [
      ['exit 0', 0, undefined],
      ['exit 7', 7, undefined],
      ['exit 127', 127, undefined],
      ['kill -KILL $$', undefined, 'SIGKILL'],
      ['kill -SEGV $$', undefined, 'SIGSEGV'],
    ] as const) {
      const { exit, stderr } = await run(t, await useEnvironment(t, isolation, script));
      assert.deepEqual({ ...exit, stderr }, { exitCode, signal, stderr: '' }, script);
    }
  });

  test(`startSandbox() by ${isolation} passes both outputs on whole`, options, async (t) => {
    const script = 'head -c 3000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait; exit 7';
    const { exit, stdout, stderr } = await run(t, await useEnvironment(t, isolation, script));
    assert.deepEqual([exit.exitCode, stdout.length, stderr.length], [7, 3_000_000, 3_000_000]);
  });

  test(
    `startSandbox() by ${isolation} starts the bootstrap in the task folder, without input`,
    options,
    async (t) => {
      const fixture = await useEnvironment(t, isolation, 'pwd; cat');
      const { stdout } = await run(t, fixture);
      assert.equal(stdout, `${isolation === 'paths' ? fixture.taskFolder : '/var/task'}\n`);
    },
  );

  test(`startSandbox() by ${isolation} keeps what is written before anyone reads`, options, async (t) => {
    const script = 'echo early; echo up >&2; sleep 1000';
    const sandbox = await useSandbox(t, await useEnvironment(t, isolation, script));
    await once(createInterface(sandbox.stderr), 'line');
    assert.deepEqual(await once(sandbox.stdout, 'data'), [Buffer.from('early\n')]);
  });

  test(`startSandbox() by ${isolation} lets the bootstrap write to /tmp alone`, options, async (t) => {
    const script = 'echo hello >"$HERE/file"; echo "$HERE"';
    const fixture = await useEnvironment(t, isolation, script, { HERE: '/tmp' });
    const { stdout } = await run(t, fixture);
    assert.equal(await readFile(join(fixture.tmpFolder, 'file'), 'utf8'), 'hello\n');
    assert.equal(stdout.trim(), isolation === 'paths' ? fixture.tmpFolder : '/tmp');
  });

  test(`startSandbox() by ${isolation} tells why a bootstrap cannot be executed`, options, async (t) => {
    const fixture = await useEnvironment(t, isolation, 'exit 0');
    const bootstrap = join(fixture.optFolder, 'bootstrap');
    await chmod(bootstrap, 0o644);
    assert.match((await run(t, fixture)).exit.startFailure ?? '', /not executable/);
  });
}

for (const { isolation, options } of RUNGS.filter(({ isolation }) => isolation !== 'userns')) {
  test(`startSandbox() by ${isolation} tells that a script's interpreter is missing`, options, async (t) => {
    const fixture = await useEnvironment(t, isolation, 'exit 0');
    await writeFile(join(fixture.optFolder, 'bootstrap'), '#!/opt/bin/not-there\n');
    const { exit } = await run(t, fixture);
    assert.notEqual(exit.startFailure, undefined);
    assert.equal(exit.exitCode, undefined);
  });
}

for (const { isolation, options } of NAMESPACED) {
  test(`startSandbox() by ${isolation} gives exactly the variables of the request`, options, async (t) => {
    const extra = { QUOTED: `it's "so"`, LINES: 'a\nb $HOME `id`', _HANDLER: 'function.handler', EMPTY: '' };
    const fixture = await useEnvironment(t, isolation, 'cat /proc/$$/environ', extra);
    const { stdout } = await run(t, fixture);
    const given = Object.entries(fixture.variables).map(([name, value]) => `${name}=${value}`);
    const expected = isolation === 'bwrap' ? [...given, 'PWD=/var/task'] : given;
    assert.deepEqual(stdout.split('\0').filter(Boolean).sort(), expected.sort());
  });

  test(
    `startSandbox() by ${isolation} runs the bootstrap as Lambda's user, without privileges`,
    options,
    async (t) => {
      const script = 'id -u; id -g; id -un; grep CapEff /proc/self/status; [ $$ = 1 ] || echo not-init';
      const { stdout } = await run(t, await useEnvironment(t, isolation, script));
      assert.deepEqual(stdout.trim().split('\n'), [
        '993',
        '990',
        'sbx_user1051',
        'CapEff:\t0000000000000000',
        'not-init',
      ]);
    },
  );

  test(`startSandbox() by ${isolation} makes all but /tmp and the devices read-only`, options, async (t) => {
    const places = ['/', '/opt', '/var/task', '/var', '/etc', '/usr', '/usr/local', '/dev', '/dev/shm'];
    const script = `for place in ${places.join(' ')}; do
      (: >"$place/new") 2>/dev/null && echo "wrote to $place"
    done
    mount -o remount,rw / 2>/dev/null && echo 'remounted'
    echo gone >/dev/null && : >/tmp/new && echo done`;
    const fixture = await useEnvironment(t, isolation, script);
    const { stdout } = await run(t, fixture);
    assert.equal(stdout, 'done\n');
    assert.deepEqual(await readdir(fixture.tmpFolder), ['new']);
  });

  test(
    `startSandbox() by ${isolation} hides the machine's files, processes and interpreters`,
    options,
    async (t) => {
      const script = `ls -A / | sort | tr '\\n' ' '; ls -A /usr/local /var; ls -d /proc/[0-9]* | wc -l
      node --version 2>/dev/null || echo no-node`;
      const { stdout } = await run(t, await useEnvironment(t, isolation, script));
      const [root = '', ...rest] = stdout.split('\n');
      assert.match(root, /^bin dev etc (lib\w* )+opt proc sbin tmp usr var \/usr\/local:$/);
      assert.deepEqual(rest.slice(0, 3), ['', '/var:', 'task']);
      assert.ok(Number(rest[3]) < 10, `${rest[3]} processes`);
      assert.equal(rest[4], 'no-node');
    },
  );

  test(`startSandbox() by ${isolation} has Bash as sh, as Amazon Linux does`, options, async (t) => {
    const script = 'set -euo pipefail\n(: >>/bin/sh) 2>/dev/null || echo $BASH';
    const { stdout } = await run(t, await useEnvironment(t, isolation, script));
    assert.equal(stdout, '/bin/sh\n');
  });

  test(
    `startSandbox() by ${isolation} keeps a file of mode 000 unreadable, also for root`,
    options,
    async (t) => {
      const fixture = await useEnvironment(t, isolation, 'cat /var/task/open /var/task/secret');
      await writeFile(join(fixture.taskFolder, 'open'), 'open');
      await writeFile(join(fixture.taskFolder, 'secret'), 'secret');
      await chmod(join(fixture.taskFolder, 'secret'), 0);
      const { stdout, stderr } = await run(t, fixture);
      assert.equal(stdout, 'open');
      assert.match(stderr, /Permission denied/);
    },
  );

  test(
    `startSandbox() by ${isolation} finds an interpreter on PATH that a layer brings`,
    options,
    async (t) => {
      const fixture = await useEnvironment(t, isolation, 'node');
      await mkdir(join(fixture.optFolder, 'bin'));
      await writeFile(join(fixture.optFolder, 'bin/node'), '#!/bin/sh\necho from-layer\n', { mode: 0o755 });
      assert.equal((await run(t, fixture)).stdout, 'from-layer\n');
    },
  );
}

test('startSandbox() by paths maps variables that name the folders', async (t) => {
  const variables = {
    LAMBDA_TASK_ROOT: '/var/task',
    LD_LIBRARY_PATH: '/lib64:/var/task/lib:/opt/lib',
    NODE_OPTIONS: '--require=/opt/hook.cjs --import /var/task/a.mjs',
    URL: 'http://localhost/opt/x',
    OTHER: '/optional:/var/tasks:/tmpfs',
  };
  const fixture = await useEnvironment(t, 'paths', 'cat /proc/$$/environ', variables);
  const { stdout } = await run(t, fixture);
  const { optFolder: opt, taskFolder: task, tmpFolder: tmp } = fixture;
  assert.deepEqual(stdout.split('\0').filter(Boolean).sort(), [
    `AWS_LAMBDA_LOG_STREAM_NAME=${fixture.mark}`,
    `LAMBDA_TASK_ROOT=${task}`,
    `LD_LIBRARY_PATH=/lib64:${task}/lib:${opt}/lib`,
    `NODE_OPTIONS=--require=${opt}/hook.cjs --import ${task}/a.mjs`,
    'OTHER=/optional:/var/tasks:/tmpfs',
    `PATH=/usr/local/bin:/usr/bin/:/bin:${opt}/bin`,
    `TMPDIR=${tmp}`,
    'URL=http://localhost/opt/x',
  ]);
});
