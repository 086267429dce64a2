import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Histogram } from '../../../bench/histogram.ts';
import type { RunResult, ScenarioResult } from '../../../bench/result.ts';
import { median } from '../../../bench/statistics/median.ts';
import { metricOf } from '../../../bench/statistics/metric.ts';
import { summarize } from '../../../bench/statistics/summary.ts';
import { simulate } from './simulate-run.ts';

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? 0) / expected - 1) < 0.002, `${actual} is not ${expected}`);

function histogram(...times: number[]): string {
  const made = Histogram.create();
  for (const ns of times) made.record(ns);
  return made.encode();
}

const FULL: RunResult = {
  candidate: 'a',
  round: 0,
  invocations: 100,
  latency: histogram(...Array.from({ length: 1000 }, (_, index) => (index + 1) * 1000)),
  turnaround: histogram(10_000, 20_000, 30_000),
  perSecond: 400,
  cpuUsPerInvocation: 33,
  memory: { proportionalKiB: 70_000, privateKiB: 60_000 },
  cold: { firstPollNs: 20e6, firstAnswerNs: 21e6 },
};

describe('median()', () => {
  test('is the middle value, or between the two in the middle', () => {
    assert.deepEqual(
      [median([9, 1, 5]), median([4, 1, 2, 100]), median([7]), median([])],
      [5, 3, 7, undefined],
    );
  });
});

describe('metricOf()', () => {
  test('reads percentiles and the mean from the latencies, and the turnaround', () => {
    near(metricOf(FULL, 'p50'), 500_000);
    near(metricOf(FULL, 'p90'), 900_000);
    near(metricOf(FULL, 'p99'), 990_000);
    near(metricOf(FULL, 'p999'), 999_000);
    near(metricOf(FULL, 'mean'), 500_500);
    near(metricOf(FULL, 'turnaround'), 20_000);
  });

  test('reads throughput, CPU, memory and the cold start', () => {
    const metrics = ['perSecond', 'cpu', 'memory', 'firstPoll', 'firstAnswer'] as const;
    assert.deepEqual(
      metrics.map((metric) => metricOf(FULL, metric)),
      [400, 33, 70_000, 20e6, 21e6],
    );
  });

  test('is undefined for what was not measured, and for an empty histogram', () => {
    const run = { candidate: 'a', round: 0, invocations: 0, latency: histogram() };
    for (const metric of ['p50', 'mean', 'turnaround', 'perSecond', 'cpu', 'memory', 'firstPoll'] as const) {
      assert.equal(metricOf(run, metric), undefined);
    }
  });
});

describe('summarize()', () => {
  const scenario: ScenarioResult = {
    ...simulate({ seed: 1, candidates: [] }),
    runs: [
      { ...FULL, perSecond: 100 },
      { ...FULL, round: 1, perSecond: 900 },
      { ...FULL, round: 2, perSecond: 300 },
      { ...FULL, candidate: 'b', perSecond: 1 },
    ],
  };

  test('gives median and range over the rounds of one candidate', () => {
    const { rounds, metrics } = summarize(scenario, 'a');
    assert.equal(rounds, 3);
    assert.deepEqual(metrics.perSecond, { median: 300, low: 100, high: 900 });
    assert.deepEqual(metrics.cpu, { median: 33, low: 33, high: 33 });
  });

  test('leaves out what was not measured', () => {
    const bare = { ...scenario, runs: [{ candidate: 'a', round: 0, invocations: 5, perSecond: 7 }] };
    assert.deepEqual(summarize(bare, 'a').metrics, { perSecond: { median: 7, low: 7, high: 7 } });
    assert.deepEqual(summarize(bare, 'nobody'), { candidate: 'nobody', rounds: 0, metrics: {}, phases: [] });
  });

  test('gives the phases in their order', () => {
    const phases = (received: number, handler: number) => [
      { name: 'received', medianNs: received },
      { name: 'handler', medianNs: handler },
    ];
    const runs = [phases(5, 50), phases(9, 10), phases(7, 30)].map((list, round) => ({
      ...FULL,
      round,
      phases: list,
    }));
    assert.deepEqual(summarize({ ...scenario, runs }, 'a').phases, phases(7, 30));
  });
});
