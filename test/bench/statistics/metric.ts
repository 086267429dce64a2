import { Histogram } from '../histogram.ts';
import type { Metric, RunResult, ScenarioResult } from '../result.ts';

const PERCENTS = { p50: 50, p90: 90, p99: 99, p999: 99.9 } as const;

/** The metric that a scenario is about: noise and verdicts are judged by it. */
export const HEADLINE: Readonly<Record<ScenarioResult['kind'], Metric | undefined>> = {
  warm: 'p50',
  first: 'mean',
  idle: 'p50',
  log: 'p50',
  concurrent: 'perSecond',
  cold: 'firstAnswer',
  phases: undefined,
};

/** Whether a larger value is the better one. */
export function largerIsBetter(metric: Metric): boolean {
  return metric === 'perSecond';
}

/**
 * What a run measured of one metric.
 *
 * @param run one candidate in one round
 * @returns nanoseconds for times; invocations a second, microseconds of CPU, KiB of memory for the others (PSS of
 *   all processes of an environment that runs alone: what it adds to the machine);
 *   `undefined` when the run did not measure it
 */
export function metricOf(run: RunResult, metric: Metric): number | undefined {
  switch (metric) {
    case 'turnaround':
      return histogramOf(run.turnaround)?.percentile(PERCENTS.p50);
    case 'mean':
      return histogramOf(run.latency)?.mean;
    case 'perSecond':
      return run.perSecond;
    case 'cpu':
      return run.cpuUsPerInvocation;
    case 'memory':
      return run.memory?.proportionalKiB;
    case 'firstPoll':
      return run.cold?.firstPollNs;
    case 'firstAnswer':
      return run.cold?.firstAnswerNs;
    default:
      return histogramOf(run.latency)?.percentile(PERCENTS[metric]);
  }
}

function histogramOf(text: string | undefined): Histogram | undefined {
  const histogram = text === undefined ? undefined : Histogram.decode(text);
  return histogram?.count ? histogram : undefined;
}
