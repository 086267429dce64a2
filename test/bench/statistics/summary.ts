import type { Metric, PhaseResult, ScenarioResult } from '../result.ts';
import { median } from './median.ts';
import { metricOf } from './metric.ts';

const METRICS: readonly Metric[] = [
  'p50',
  'p90',
  'p99',
  'p999',
  'mean',
  'turnaround',
  'perSecond',
  'cpu',
  'memory',
  'firstPoll',
  'firstAnswer',
];

/** A metric over the rounds, in the unit of `metricOf`. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What one candidate showed in a scenario. */
export interface Summary {
  readonly candidate: string;
  readonly rounds: number;
  /** The metrics that were measured. */
  readonly metrics: Readonly<Partial<Record<Metric, Spread>>>;
  /** Medians over the rounds, in the order of the invocation. */
  readonly phases: readonly PhaseResult[];
}

/** Sums up the rounds of a candidate, each metric by its median and its range. */
export function summarize(scenario: ScenarioResult, candidate: string): Summary {
  const runs = scenario.runs.filter((run) => run.candidate === candidate);
  const metrics: Partial<Record<Metric, Spread>> = {};
  for (const metric of METRICS) {
    const values = runs.map((run) => metricOf(run, metric)).filter((value) => value !== undefined);
    const middle = median(values);
    if (middle !== undefined) {
      metrics[metric] = { median: middle, low: Math.min(...values), high: Math.max(...values) };
    }
  }
  const allPhases = runs.flatMap(({ phases = [] }) => phases);
  const names = [...new Set(allPhases.map(({ name }) => name))];
  const phases = names.map((name) => {
    const values = allPhases.filter((phase) => phase.name === name).map(({ medianNs }) => medianNs);
    return { name, medianNs: median(values) ?? 0 };
  });
  return { candidate, rounds: runs.length, metrics, phases };
}
