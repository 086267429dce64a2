import type { CandidateInfo, Metric, ScenarioResult } from '../result.ts';
import { meanInterval } from './interval.ts';
import { median } from './median.ts';
import { largerIsBetter, metricOf } from './metric.ts';

/** Differences that may be as small as this are not claimed, which makes false claims rarer than 1 in 20. */
export const MARGIN = 0.01;
/** A draw whose interval reaches further from 1 than this says nothing: the rounds scatter too widely, or are too few. */
const WIDEST_DRAW = 0.25;

/** `draw`: no difference is claimed, within the interval; `unsure`: too little is known even for that. */
export type Verdict = 'faster' | 'slower' | 'draw' | 'unsure';

/** How a candidate stands to another; below 1 is less time, or less of whatever the metric counts. */
export interface Comparison {
  readonly verdict: Verdict;
  /** Median over the rounds; unknown when no round holds both candidates. */
  readonly ratio: number | undefined;
  /** 95 % confidence interval; unknown with fewer than 3 rounds. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
  /** Those that hold both candidates. */
  readonly rounds: readonly { readonly round: number; readonly ratio: number }[];
}

/**
 * Compares two candidates by the ratios of their rounds, whose runs were measured side by side. What disturbs a whole
 * round drops out of its ratio, and what differs between two processes of one program is in the scatter of ratios:
 * therefore the rounds are the sample, however many invocations they have. The interval is that of the mean of
 * logarithms, stretched to the median where that lies outside; see `meanInterval` for its method.
 *
 * A difference is claimed when the whole interval lies beyond 1 by more than `MARGIN`, and the ratio by more than the
 * noise floor.
 *
 * @param noiseFloor the difference that the run's control shows where there is none, 0.03 for 3 %; see `noiseFloorOf`
 */
export function compare(
  scenario: ScenarioResult,
  candidate: string,
  base: string,
  metric: Metric,
  noiseFloor = 0,
): Comparison {
  const rounds = ratiosOf(scenario, candidate, base, metric);
  const logs = rounds.map(({ ratio }) => Math.log(ratio));
  return { rounds, ...judge(median(logs), meanInterval(logs), noiseFloor, largerIsBetter(metric)) };
}

/**
 * Turns a shift of logarithms into a ratio with its interval and verdict.
 *
 * @param shift logarithm of the ratio
 * @param interval of the same logarithm
 * @param noiseFloor share that is no difference yet
 * @param moreIsFaster whether a ratio above 1 is the better one
 */
export function judge(
  shift: number | undefined,
  interval: Comparison['interval'],
  noiseFloor: number,
  moreIsFaster: boolean,
): Omit<Comparison, 'rounds'> {
  if (shift === undefined || interval === undefined) {
    return {
      verdict: 'unsure',
      ratio: shift === undefined ? undefined : Math.exp(shift),
      interval: undefined,
    };
  }
  const low = Math.min(interval.low, shift);
  const high = Math.max(interval.high, shift);
  const known = { ratio: Math.exp(shift), interval: { low: Math.exp(low), high: Math.exp(high) } };
  if (Math.max(low, -high) > Math.log1p(MARGIN)) {
    // A difference, yet no larger than the control's: it may come from the machine.
    if (Math.abs(shift) <= Math.log1p(noiseFloor)) return { verdict: 'unsure', ...known };
    return { verdict: shift < 0 === moreIsFaster ? 'slower' : 'faster', ...known };
  }
  const reach = Math.max(-low, high);
  return { verdict: reach > Math.log1p(WIDEST_DRAW) ? 'unsure' : 'draw', ...known };
}

/**
 * The largest difference between a control and the candidate that it repeats: what the machine alone can feign.
 *
 * @returns 0.03 for 3 %, in either direction; 0 without a control
 */
export function noiseFloorOf(
  scenario: ScenarioResult,
  candidates: readonly CandidateInfo[],
  metric: Metric,
): number {
  const shifts = candidates.map(({ name, repeats }) => {
    const rounds = repeats === undefined ? [] : ratiosOf(scenario, name, repeats, metric);
    return Math.abs(median(rounds.map(({ ratio }) => Math.log(ratio))) ?? 0);
  });
  return Math.expm1(Math.max(0, ...shifts));
}

/**
 * The ratios of a candidate to another, round by round.
 *
 * @returns rounds in which both were measured, in their order
 */
export function ratiosOf(
  scenario: ScenarioResult,
  candidate: string,
  base: string,
  metric: Metric,
): Comparison['rounds'] {
  const ofBase = valuesByRound(scenario, base, metric);
  return [...valuesByRound(scenario, candidate, metric)]
    .flatMap(([round, value]) => {
      const baseValue = ofBase.get(round);
      return baseValue === undefined ? [] : [{ round, ratio: value / baseValue }];
    })
    .toSorted((a, b) => a.round - b.round);
}

/**
 * What a candidate measured, by round. Nothing can be related to a zero, so that counts as not measured.
 */
export function valuesByRound(
  scenario: ScenarioResult,
  candidate: string,
  metric: Metric,
): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  for (const run of scenario.runs) {
    const value = run.candidate === candidate ? metricOf(run, metric) : undefined;
    if (value !== undefined && value > 0) values.set(run.round, value);
  }
  return values;
}
