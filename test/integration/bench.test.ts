import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ToolError } from '../../runtime/cli/tool-error.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';
import { customCandidate } from '../bench/candidates/custom.ts';
import { NODE_HANDLER } from '../bench/candidates/node-handler.ts';
import { AHEAD } from '../bench/candidates/pilotlight.ts';
import { Histogram } from '../bench/histogram.ts';
import { parseResult } from '../bench/report/read-result.ts';
import type { BenchResult, RunResult } from '../bench/result.ts';
import { runScenario } from '../bench/run/run-scenario.ts';
import { quick, SUITE, singleScenario } from '../bench/suite.ts';
import { useLayers } from '../helpers/built-layers.ts';
import { pinnedNode } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { type CommandResult, type RunningCommand, startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import { writeFiles } from '../helpers/write-files.ts';
import { findProcesses } from '../runner/leftovers.ts';

const PROJECT = join(import.meta.dirname, '../..');
const BEHAVES = join(PROJECT, 'test/fixtures/bench/behaves.mjs');
/** The least that can be asked for. */
const ONE_ROUND = ['--quick', '--size', '150', '--placement', 'free', '--rounds', '1'];

/** Starts the verb as a user does, with its own folder for temporary files. */
function startBench(t: TestContext, args: readonly string[], tmp: string = tmpdir()): RunningCommand {
  const command = [process.execPath, 'runtime/bin.mjs', 'bench', ...args] as const;
  return startCommand(t, command, { cwd: PROJECT, env: { PATH: '/usr/bin:/bin', TMPDIR: tmp } });
}

async function bench(
  t: TestContext,
  ...args: string[]
): Promise<{ result: BenchResult; said: CommandResult }> {
  // Its page goes elsewhere, so that tests do not replace the reports of a real run.
  const reports = join(useTmp(t), 'bench.html');
  const said = await startBench(t, [...args, '--json', '--html', reports]).result;
  assert.equal(said.code, 0, said.stderr);
  return { result: parseResult(JSON.parse(said.stdout)), said };
}

/** Measures candidates of the form `NAME=COMMAND` as the verb does, without those that it brings. */
async function measure(t: TestContext, ...candidates: string[]): Promise<readonly RunResult[]> {
  const ready = candidates.map(async (text) => {
    const candidate = customCandidate(text, PROJECT);
    return { ...candidate, command: await candidate.prepare(PROJECT), slow: false };
  });
  const options = { folder: useTmp(t), onStep: () => {}, signal: t.signal };
  return (await runScenario(quick(singleScenario('free', 150)), await Promise.all(ready), options)).runs;
}

/** What a candidate did, round by round. */
function runsOf(runs: readonly RunResult[], candidate: string): readonly RunResult[] {
  return runs.filter((run) => run.candidate === candidate);
}

/** The shortest that is typical: of a busy machine it says more than the median does. */
function quickestUs(runs: readonly RunResult[], candidate: string): number {
  const times = runsOf(runs, candidate).map(({ latency = '' }) => Histogram.decode(latency).percentile(10));
  return Math.min(...times) / 1000;
}

/** Lays the runtime layer beside a function, as `--candidate` takes it. */
async function layPilotlight(folder: string): Promise<string> {
  const [opt, task] = [join(folder, 'opt'), join(folder, 'task')];
  for (const path of [opt, task]) mkdirSync(path);
  const { interpreter, runtime } = await useLayers();
  await composeParts([interpreter, runtime], opt);
  rmSync(join(opt, 'bin/node'));
  symlinkSync(pinnedNode(), join(opt, 'bin/node'));
  copyFileSync(NODE_HANDLER, join(task, 'function.bundle.mjs'));
  return `env PILOTLIGHT_VERIFY=off LAMBDA_TASK_ROOT=${task} ${join(opt, 'bootstrap')}`;
}

test(
  'bench --quick runs every scenario and leaves each figure that it is about',
  needs('aws-lambda-ric'),
  async (t) => {
    const { result } = await bench(t, '--quick', '--rounds', '1');
    assert.deepEqual(
      result.scenarios.map(({ id }) => id),
      SUITE.map(({ id }) => id),
    );
    const names = result.candidates.map(({ name }) => name);
    assert.deepEqual(names, ['pilotlight', 'pilotlight again', 'node client', 'floor', 'bare pair']);
    for (const { id, kind, runs } of result.scenarios) {
      assert.ok(runs.length > 0);
      for (const run of runs) {
        assert.ok((run.memory?.privateKiB ?? 0) > 1_000);
        if (kind === 'cold') {
          const { firstPollNs = 0, firstAnswerNs = 0 } = run.cold ?? {};
          assert.ok(0 < firstPollNs && firstPollNs < firstAnswerNs);
          continue;
        }
        assert.equal(Histogram.decode(run.latency ?? '').count, run.invocations);
        assert.equal(Histogram.decode(run.turnaround ?? '').count, run.invocations);
        assert.ok((run.perSecond ?? 0) > 0);
        if (id !== 'phases-cold') assert.ok((run.cpuUsPerInvocation ?? 0) > 0);
        assert.equal(run.phases?.length, kind === 'phases' ? 6 : undefined);
      }
    }
    assert.match(result.command, /^pilotlight bench --quick --rounds 1$/);
  },
);

test('bench --first measures environments from their first event on', needs('aws-lambda-ric'), async (t) => {
  const { result } = await bench(t, '--first', '3', '--quick', '--rounds', '1');
  const [{ kind, runs } = assert.fail(), ...others] = result.scenarios;
  assert.deepEqual([kind, others], ['first', []]);
  assert.ok(runs.some(({ candidate }) => candidate === AHEAD));
  for (const { invocations, latency = '' } of runs) {
    assert.equal(invocations, 3);
    assert.equal(Histogram.decode(latency).count, 3);
  }
});

test('bench measures a folder and a command, writes tables and a page, and compares with an earlier run', async (t) => {
  const folder = useTmp(t);
  writeFiles(folder, { bootstrap: `#!/bin/sh\nexec "${process.execPath}" "${BEHAVES}" well\n` });
  chmodSync(join(folder, 'bootstrap'), 0o755);
  const command = `${process.execPath} ${BEHAVES} well`;
  const { result, said } = await bench(
    t,
    ...ONE_ROUND,
    ...['--candidate', `folder=${folder}`, '--candidate', `command=${command}`],
  );
  const runs = result.scenarios.flatMap((scenario) => scenario.runs);
  for (const name of ['folder', 'command']) assert.equal(runsOf(runs, name)[0]?.invocations, 50);

  const [before, page] = ['before.json', 'now.html'].map((name) => join(folder, name)) as [string, string];
  writeFiles(folder, { 'before.json': said.stdout });
  const files = ['--baseline', before, '--html', page];
  const { code, stdout, stderr } = await startBench(t, [...ONE_ROUND, ...files]).result;
  // One round says nothing for certain, so nothing is worse.
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\| pilotlight +\|/);
  assert.match(stdout, /^# Compared with the baseline$/m);
  assert.match(await readFile(page, 'utf8'), /^<!doctype html>/i);
});

test('bench ends with 3 when a candidate dies, and says so on standard error', async (t) => {
  const candidate = `odd=${process.execPath} ${BEHAVES} dies`;
  const { code, stderr, stdout } = await startBench(t, [...ONE_ROUND, '--candidate', candidate]).result;
  assert.equal(code, 3);
  assert.match(stderr, /Cannot measure "odd" in warm-free-150: .*these are my last words/s);
  assert.equal(stdout, '');
});

for (const [manner, said] of [
  ['wrongly', /answered event 1000000002 with 150 bytes that are not the event/],
  ['twice', /answered event 1000000002 twice/],
  ['dies', /ended with exit code 7.*these are my last words/s],
  ['fails-init', /Runtime\.Unwilling: no start today/],
] as const) {
  test(`runScenario() names a candidate that behaves "${manner}" and says what it did`, async (t) => {
    const measured = measure(t, `odd=${process.execPath} ${BEHAVES} ${manner}`);
    await assert.rejects(measured, (error: ToolError) => {
      assert.match(error.message, /^Cannot measure "odd" in warm-free-150: /);
      assert.match(error.message, said);
      return error.code === 'CANNOT';
    });
  });
}

test('runScenario() names a candidate whose program does not exist', async (t) => {
  await assert.rejects(measure(t, 'odd=/absent/program'), { code: 'CANNOT', message: /^Cannot start "odd"/ });
});

// How small a loss may be is for the tests of the statistics: what a busy machine adds to a run is larger than this.
test('runScenario() sees the 10 ms that a handler loses', async (t) => {
  const command = await layPilotlight(useTmp(t));
  const slower = command.replace('env ', 'env BENCH_DELAY_US=10000 ');
  const runs = await measure(t, `plain=${command}`, `slower=${slower}`);
  for (const name of ['plain', 'slower'])
    assert.deepEqual(
      runsOf(runs, name).map(({ round }) => round),
      [0, 1],
    );
  const lostUs = quickestUs(runs, 'slower') - quickestUs(runs, 'plain');
  assert.ok(lostUs > 5_000, `the handler lost ${lostUs} µs`);
});

test('bench that is interrupted leaves no process and no file', async (t) => {
  // Short, because sockets lie below it.
  const tmp = mkdtempSync('/tmp/plb-');
  t.after(() => rmSync(tmp, { recursive: true, force: true }));
  const running = startBench(t, ['--size', '150', '--placement', 'free'], tmp);
  await running.stderrHas('1/1');
  running.interrupt();
  assert.equal((await running.result).code, 130);
  assert.deepEqual(
    readdirSync(tmp).filter((name) => name !== 'node-compile-cache'),
    [],
  );
  assert.deepEqual(findProcesses(tmp), []);
});
