import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Histogram } from '../../../bench/histogram.ts';
import { readResult } from '../../../bench/report/read-result.ts';
import type { CandidateInfo, RunResult, ScenarioResult } from '../../../bench/result.ts';
import { compare, noiseFloorOf } from '../../../bench/statistics/compare.ts';
import { type Simulation, simulate } from './simulate-run.ts';

const BASE_NS = 100_000;
/** Of two candidates that are the same, on two cores. */
const recorded = await readResult(join(import.meta.dirname, '../../../fixtures/bench/recorded-run.json'));

const pair = (ratio: number) => [
  { name: 'base', medianNs: BASE_NS },
  { name: 'other', medianNs: BASE_NS * ratio },
];

/** Compares in many simulated runs, each with a seed of its own. */
function compareMany(count: number, options: Omit<Simulation, 'seed'>) {
  return Array.from({ length: count }, (_, index) =>
    compare(simulate({ ...options, seed: index + 1 }), 'other', 'base', 'p50'),
  );
}

function shareOf<T>(items: readonly T[], isIt: (item: T) => boolean): number {
  return items.filter(isIt).length / items.length;
}

describe('compare()', () => {
  for (const rounds of [5, 10]) {
    test(`calls the same candidate twice a draw in 19 of 20 runs of ${rounds} rounds`, () => {
      const all = compareMany(400, { candidates: pair(1), rounds, invocations: 50 });
      const draws = shareOf(all, ({ verdict }) => verdict === 'draw');
      assert.ok(draws >= 0.95, `${draws}`);
    });
  }

  test('claims a difference of the same candidate in less than 1 of 20 runs of 3 rounds', () => {
    const all = compareMany(400, { candidates: pair(1), rounds: 3, invocations: 50 });
    const claims = shareOf(all, ({ verdict }) => verdict === 'faster' || verdict === 'slower');
    assert.ok(claims < 0.05, `${claims}`);
  });

  for (const rounds of [3, 5, 10]) {
    test(`holds the true ratio in its interval in 93 of 100 runs of ${rounds} rounds`, () => {
      const all = compareMany(400, { candidates: pair(0.7), rounds, invocations: 50 });
      const held = shareOf(all, ({ interval }) => {
        assert.ok(interval);
        return interval.low <= 0.7 && 0.7 <= interval.high;
      });
      assert.ok(held >= 0.93, `${held}`);
    });
  }

  test('finds a delay of 0.1 ms in a median of 0.1 ms in every run', () => {
    const all = compareMany(200, { candidates: pair(2) });
    assert.deepEqual(new Set(all.map(({ verdict }) => verdict)), new Set(['slower']));
  });

  for (const scenario of recorded.scenarios) {
    test(`finds the 0.1 ms that each invocation of a recorded run loses: ${scenario.title}`, () => {
      const [name, base] = ['pilotlight again', 'pilotlight'];
      assert.notEqual(compare(scenario, name, base, 'p50').verdict, 'slower');
      const runs = scenario.runs.map((run) => (run.candidate === name ? delayed(run, 100_000) : run));
      assert.equal(compare({ ...scenario, runs }, name, base, 'p50').verdict, 'slower');
    });
  }

  test('finds 5 % in 4 of 5 runs where processes differ by 1 %, whichever way it goes', () => {
    const slower = compareMany(200, { candidates: pair(1.05), processNoise: 0.01, invocations: 1_000 });
    const faster = compareMany(200, { candidates: pair(0.95), processNoise: 0.01, invocations: 1_000 });
    assert.ok(shareOf(slower, ({ verdict }) => verdict === 'slower') >= 0.8);
    assert.ok(shareOf(faster, ({ verdict }) => verdict === 'faster') >= 0.8);
  });

  test('does not claim half a percent, however sure it is', () => {
    const all = compareMany(50, {
      candidates: pair(1.005),
      processNoise: 0.0001,
      invocations: 2_000,
      rounds: 10,
    });
    assert.deepEqual(new Set(all.map(({ verdict }) => verdict)), new Set(['draw']));
  });

  test('is not swayed by outliers among the invocations', () => {
    const quiet = compareMany(100, { candidates: pair(0.8), outliers: 0 });
    const wild = compareMany(100, { candidates: pair(0.8), outliers: 0.03 });
    for (const all of [quiet, wild]) {
      const near = shareOf(all, ({ ratio = 0 }) => Math.abs(ratio - 0.8) < 0.08);
      assert.ok(near >= 0.95, `${near}`);
    }
  });

  test('takes the median round, and is unsure where one round contradicts the others', () => {
    const scenario = throughputs({ base: [100, 100, 100, 100, 100], other: [50, 50, 50, 50, 400] });
    const { ratio, verdict } = compare(scenario, 'other', 'base', 'perSecond');
    assert.deepEqual([ratio, verdict], [0.5, 'unsure']);
  });

  test('calls more a second faster, and fewer slower', () => {
    const scenario = throughputs({ base: [100, 101, 99], more: [200, 204, 198], fewer: [50, 51, 49] });
    assert.equal(compare(scenario, 'more', 'base', 'perSecond').verdict, 'faster');
    assert.equal(compare(scenario, 'fewer', 'base', 'perSecond').verdict, 'slower');
  });

  test('is unsure without rounds, with too few, and of what was not measured', () => {
    const scenario = throughputs({ base: [100, 100, 100, 100], other: [50, 50], idle: [0, 0, 0] });
    const unknown = { verdict: 'unsure', ratio: undefined, interval: undefined, rounds: [] };
    assert.deepEqual(compare(scenario, 'nobody', 'base', 'p50'), unknown);
    assert.deepEqual(compare(scenario, 'other', 'base', 'p99'), unknown);
    assert.deepEqual(compare(scenario, 'idle', 'base', 'perSecond'), unknown);
    const few = compare(scenario, 'other', 'base', 'perSecond');
    assert.deepEqual([few.verdict, few.ratio, few.interval], ['unsure', 0.5, undefined]);
  });

  test('relates runs of one round only', () => {
    const { runs, ...scenario } = throughputs({ base: [100, 200, 400, 800], other: [50, 100, 200, 400] });
    const torn = {
      ...scenario,
      runs: runs.filter(({ candidate, round }) => candidate === 'base' || round > 0),
    };
    const { rounds } = compare(torn, 'other', 'base', 'perSecond');
    assert.deepEqual(
      rounds,
      [1, 2, 3].map((round) => ({ round, ratio: 0.5 })),
    );
  });

  test('gives the same interval for the same result', () => {
    const scenario = simulate({ seed: 7, candidates: pair(1.1) });
    assert.deepEqual(compare(scenario, 'other', 'base', 'p99'), compare(scenario, 'other', 'base', 'p99'));
  });

  test('claims nothing that the control shows too', () => {
    const scenario = throughputs({
      base: [100, 101, 99, 100],
      again: [110, 111, 109, 110],
      other: [107, 108, 106, 107],
    });
    const floor = noiseFloorOf(scenario, CANDIDATES, 'perSecond');
    assert.ok(Math.abs(floor - 0.1) < 0.001, `${floor}`);
    assert.equal(compare(scenario, 'other', 'base', 'perSecond').verdict, 'faster');
    assert.equal(compare(scenario, 'other', 'base', 'perSecond', floor).verdict, 'unsure');
  });
});

describe('noiseFloorOf()', () => {
  test('is the same for a control that is faster and one that is slower', () => {
    const up = throughputs({ base: [100, 100, 100], again: [125, 125, 125] });
    const down = throughputs({ base: [125, 125, 125], again: [100, 100, 100] });
    const floors = [up, down].map((scenario) => noiseFloorOf(scenario, CANDIDATES, 'perSecond').toFixed(6));
    assert.deepEqual(floors, ['0.250000', '0.250000']);
  });

  test('is 0 without a control', () => {
    assert.equal(noiseFloorOf(throughputs({ base: [100, 100, 100] }), CANDIDATES, 'perSecond'), 0);
  });
});

const CANDIDATES: readonly CandidateInfo[] = [
  { name: 'base', description: '', versions: {}, role: 'base' },
  { name: 'again', description: '', versions: {}, role: 'control', repeats: 'base' },
  { name: 'other', description: '', versions: {}, role: 'peer' },
];

/** The run, had every invocation taken longer. */
function delayed(run: RunResult, delayNs: number): RunResult {
  const latency = Histogram.create();
  for (const { ns, count } of Histogram.decode(run.latency ?? '').buckets())
    for (let index = 0; index < count; index += 1) latency.record(ns + delayNs);
  return { ...run, latency: latency.encode() };
}

function throughputs(byCandidate: Readonly<Record<string, readonly number[]>>): ScenarioResult {
  const runs = Object.entries(byCandidate).flatMap(([candidate, values]) =>
    values.map((perSecond, round) => ({ candidate, round, invocations: 100, perSecond })),
  );
  return { ...simulate({ seed: 1, candidates: [] }), kind: 'concurrent', runs };
}
