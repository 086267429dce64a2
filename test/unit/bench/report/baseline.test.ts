import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareWithBaseline } from '../../../bench/report/baseline.ts';
import { writeBaseline } from '../../../bench/report/write-baseline.ts';
import type { BenchResult, Machine, ScenarioResult } from '../../../bench/result.ts';
import { simulate } from '../statistics/simulate-run.ts';

const MACHINE: Machine = { cpu: 'any', cores: 2, memoryMiB: 4096, kernel: '6', node: '24', load: 0.1 };
const RUNS = 60;

/** A run whose machine was `speed` times as slow as usual, and whose candidates really have these medians. */
function run(
  seed: number,
  medians: Readonly<Record<string, number>>,
  change: Partial<ScenarioResult> = {},
  speed = 1,
): BenchResult {
  const candidates = Object.entries(medians).map(([name, medianNs]) => ({
    name,
    medianNs: medianNs * speed,
  }));
  const noise = { roundNoise: 0.01, processNoise: 0.01, invocations: 400 };
  return {
    format: 'pilotlight-bench',
    version: 1,
    startedAt: '2026-11-21T07:30:00.000Z',
    tookS: 1,
    command: 'pilotlight bench',
    machine: MACHINE,
    candidates: candidates.map(({ name }) => ({
      name,
      description: name,
      versions: { [name]: '1.0.0' },
      role: name === 'base' ? 'base' : 'peer',
    })),
    scenarios: [{ ...simulate({ seed, candidates, ...noise }), ...change }],
    warnings: [],
  };
}

const USUAL = { base: 100_000, ours: 70_000 };

const changeOf = (now: BenchResult, before: BenchResult, name = 'ours') => {
  const change = compareWithBaseline(now, before).changes.find(({ candidate }) => candidate === name);
  return change ?? assert.fail(`no change of ${name}`);
};

describe('compareWithBaseline()', () => {
  test('finds no difference between two runs of the same in 99 of 100 comparisons', () => {
    const all = Array.from({ length: RUNS }, (_, index) =>
      compareWithBaseline(run(2 * index + 1, USUAL), run(2 * index + 2, USUAL)).changes.map(
        ({ verdict }) => verdict,
      ),
    ).flat();
    const same = all.filter((verdict) => verdict === 'no difference').length / all.length;
    assert.ok(all.length === 2 * RUNS && same >= 0.99, `${same}`);
  });

  test('finds a fifth more and a fifth less, in time and to the base', () => {
    for (const [medianNs, verdict] of [
      [84_000, 'worse'],
      [56_000, 'better'],
    ] as const) {
      const {
        interval,
        ratio = 0,
        toBase,
        ...change
      } = changeOf(run(1, { ...USUAL, ours: medianNs }), run(2, USUAL));
      assert.deepEqual([change.verdict, toBase?.verdict, change.metric], [verdict, verdict, 'p50']);
      assert.ok(interval && interval.low <= ratio && ratio <= interval.high);
      assert.ok(Math.abs(ratio - medianNs / USUAL.ours) < 0.08, `${ratio}`);
    }
  });

  test('calls more a second better', () => {
    const concurrent = { kind: 'concurrent' } as const;
    const { verdict } = changeOf(run(1, { ...USUAL, ours: 50_000 }, concurrent), run(2, USUAL, concurrent));
    assert.equal(verdict, 'better');
  });

  test('tells a slower machine from a slower candidate', () => {
    const [now, before] = [run(1, USUAL, {}, 1.5), run(2, USUAL)];
    const { verdict, toBase } = changeOf(now, before);
    assert.deepEqual([verdict, toBase?.verdict], ['worse', 'no difference']);
    assert.match(compareWithBaseline(now, before).notes.join('\n'), /The base itself changed/);
  });

  test('relates the base to nothing', () => {
    assert.equal(changeOf(run(1, USUAL), run(2, USUAL), 'base').toBase, undefined);
  });

  test('is silent about equal circumstances', () => {
    assert.deepEqual(compareWithBaseline(run(1, USUAL), run(2, USUAL)).notes, []);
  });

  test('notes another machine, version and method, and still compares', () => {
    const before = run(2, USUAL);
    const now = {
      ...run(1, USUAL, { eventBytes: 151 }),
      machine: { ...MACHINE, cores: 4 },
      candidates: before.candidates.map((info) => ({ ...info, versions: { [info.name]: '2.0.0' } })),
    };
    const { notes, changes } = compareWithBaseline(now, before);
    assert.match(notes.join('\n'), /The machine differs \(cores "2" is now "4"\)/);
    assert.match(notes.join('\n'), /"ours" has other versions: ours 1\.0\.0 is now 2\.0\.0/);
    assert.match(notes.join('\n'), /another way \(eventBytes 150 is now 151\)/);
    assert.equal(changes.length, 2);
  });

  test('notes what one run has alone', () => {
    const { notes, changes } = compareWithBaseline(
      run(1, USUAL, { id: 'new', title: 'a new one' }),
      run(2, { base: 100_000 }),
    );
    assert.deepEqual(changes, []);
    assert.match(notes.join('\n'), /Not in the baseline: "a new one"\nIn the baseline alone: "warm, 150 B/);
  });

  test('is unsure with two rounds', () => {
    const cut = ({ scenarios, ...rest }: BenchResult) => ({
      ...rest,
      scenarios: scenarios.map((one) => ({ ...one, runs: one.runs.filter(({ round }) => round < 2) })),
    });
    assert.equal(changeOf(cut(run(1, USUAL)), run(2, USUAL)).verdict, 'unsure');
  });
});

describe('writeBaseline()', () => {
  test('writes a table for each scenario and the notes', () => {
    const text = writeBaseline(
      compareWithBaseline(run(1, { ...USUAL, ours: 84_000 }, {}, 1.5), run(2, USUAL)),
    );
    assert.match(text, /^# Compared with the baseline\n\n## warm, 150 B, .*, p50\n\n/);
    assert.match(
      text,
      /\| candidate +\| before µs \| now µs \| change +\| change of the ratio to base +\|\n/,
    );
    assert.match(
      text,
      /\n\| ours +\| +[\d.]+ \| +[\d.]+ \| \+\d+\.\d % \(\+[\d.]+ to \+[\d.]+\) worse +\| \+.* worse +\|\n/,
    );
    assert.match(text, /\n- Note: The base itself changed/);
  });

  test('says that two runs have nothing in common', () => {
    assert.match(writeBaseline({ notes: [], changes: [] }), /no scenario and candidate in common/);
  });
});
