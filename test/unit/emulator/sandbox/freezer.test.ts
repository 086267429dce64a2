import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Freezer } from '../../../../runtime/emulator/sandbox/freezer.ts';
import { lookAtProcess } from '../../../../runtime/emulator/sandbox/process-look.ts';
import type { IsolationName, Sandbox } from '../../../../runtime/emulator/sandbox/sandbox.ts';
import { findByWord, RUNGS, useEnvironment, useSandbox } from './use-sandbox.ts';

/** Writes a line again and again. */
const TICKS = 'while :; do echo tick; sleep 0.005; done';

interface Frozen {
  readonly sandbox: Sandbox;
  readonly freezer: Freezer;
  readonly lines: Interface;
  readonly mark: string;
}

/** An environment with its freezer, once the script has written its first line. */
async function useFreezer(t: TestContext, isolation: IsolationName, script: string): Promise<Frozen> {
  const fixture = await useEnvironment(t, isolation, script);
  const sandbox = await useSandbox(t, fixture);
  sandbox.stderr.resume();
  const lines = createInterface(sandbox.stdout);
  await once(lines, 'line');
  const freezer = new Freezer(() => sandbox.processes());
  t.after(() => freezer.leave());
  return { sandbox, freezer, lines, mark: fixture.mark };
}

/** Resolves when no process of the environment runs. A blocked one may have begun to start another: that is listed then. */
async function untilFrozen({ sandbox }: Frozen): Promise<void> {
  for (;;) {
    const listed = sandbox.processes();
    const rests = listed.length > 0 && listed.every((pid) => lookAtProcess(pid)?.activity !== 'running');
    if (rests && sandbox.processes().every((pid) => listed.includes(pid))) return;
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise(setImmediate);
}

for (const { isolation, options } of RUNGS) {
  for (const [what, script] of [
    ['a process', TICKS],
    ['a child of another session', `setsid sh -c '${TICKS}' & wait`],
    ['processes that are started all the time', `while :; do sh -c 'echo tick; sleep 0.01' & done`],
  ] as const) {
    test(`freeze() by ${isolation} stops ${what} until thaw()`, options, async (t) => {
      const frozen = await useFreezer(t, isolation, script);
      const { sandbox, freezer, lines } = frozen;
      for (let round = 0; round < 3; round += 1) {
        freezer.freeze();
        await untilFrozen(frozen);
        // What had been written before is read by now; what is written after would be a process that runs.
        for (let turns = 0; turns < 10; turns += 1) await turn();
        const before = sandbox.processes();
        const heard = new AbortController();
        const silence = once(lines, 'line', { signal: heard.signal }).catch(() => 'none');
        for (let turns = 0; turns < 1000; turns += 1) await turn();
        heard.abort();
        assert.equal(await silence, 'none');
        assert.deepEqual(sandbox.processes(), before);
        freezer.thaw();
        await once(lines, 'line');
      }
    });
  }

  test(`thaw() by ${isolation} may come at any moment of freeze()`, options, async (t) => {
    const frozen = await useFreezer(t, isolation, `sh -c '${TICKS}' & ${TICKS}`);
    for (let turns = 0; turns < 60; turns += 1) {
      frozen.freezer.freeze();
      for (let waited = 0; waited < turns; waited += 1) await turn();
      frozen.freezer.thaw();
      assert.ok(frozen.sandbox.processes().every((pid) => lookAtProcess(pid)?.activity !== 'stopped'));
    }
    await once(frozen.lines, 'line');
  });

  test(`thaw() by ${isolation} leaves a process stopped that was so before`, options, async (t) => {
    const stopped = `sh -c 'echo $$; kill -STOP $$; echo on' "$AWS_LAMBDA_LOG_STREAM_NAME" & wait`;
    const frozen = await useFreezer(t, isolation, stopped);
    const [pid] = await findByWord(frozen.mark);
    assert.ok(pid !== undefined);
    while (lookAtProcess(pid)?.activity !== 'stopped') await turn();
    frozen.freezer.freeze();
    await untilFrozen(frozen);
    frozen.freezer.thaw();
    assert.equal(lookAtProcess(pid)?.activity, 'stopped');
    process.kill(pid, 'SIGCONT');
    assert.deepEqual(await once(frozen.lines, 'line'), ['on']);
  });

  test(`kill() by ${isolation} ends a frozen environment`, options, async (t) => {
    const marked = `sh -c '${TICKS}' "$AWS_LAMBDA_LOG_STREAM_NAME" & setsid sh -c '${TICKS}' "$AWS_LAMBDA_LOG_STREAM_NAME"`;
    const frozen = await useFreezer(t, isolation, marked);
    frozen.freezer.freeze();
    await untilFrozen(frozen);
    frozen.freezer.leave();
    await frozen.sandbox.kill();
    assert.deepEqual(await findByWord(frozen.mark), []);
  });
}
