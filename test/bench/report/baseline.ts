import type { BenchResult, Metric, ScenarioResult } from '../result.ts';
import { type Comparison, judge, noiseFloorOf, ratiosOf, valuesByRound } from '../statistics/compare.ts';
import { meanInterval } from '../statistics/interval.ts';
import { median } from '../statistics/median.ts';
import { HEADLINE, largerIsBetter } from '../statistics/metric.ts';
import { baselineNotes } from './baseline-notes.ts';

/** What a run says about an earlier one. */
export interface BaselineReport {
  /** Why the figures of both cannot be compared as they are; empty when they can. */
  readonly notes: readonly string[];
  readonly changes: readonly Change[];
}

/** One candidate in a scenario that both runs hold, by the metric that the scenario is about. */
export interface Change {
  readonly scenario: Pick<ScenarioResult, 'id' | 'title'>;
  readonly candidate: string;
  readonly metric: Metric;
  /** Median over the rounds, in the unit of `metricOf`. */
  readonly before: number;
  readonly now: number;
  readonly verdict: 'better' | 'worse' | 'no difference' | 'unsure';
  /** Now to before. */
  readonly ratio: number | undefined;
  readonly interval: Comparison['interval'];
  /** The same of its ratio to the base, from which a change of the machine drops out; `undefined` of the base itself. */
  readonly toBase:
    | Omit<Change, 'scenario' | 'candidate' | 'metric' | 'now' | 'before' | 'toBase'>
    | undefined;
}

/** A report makes about a hundred comparisons: of so many, one in twenty must not cry wolf. */
const CONFIDENCE = 0.99;
const VERDICTS = { faster: 'better', slower: 'worse', draw: 'no difference', unsure: 'unsure' } as const;

/**
 * Compares a run with an earlier one. Their rounds were not measured side by side: the interval (99 %) is that of a
 * difference of two means of logarithms, and what changed on the machine between the runs counts as a change of each
 * candidate. `toBase` shows which is which.
 *
 * @param now the run
 * @param before the earlier one
 */
export function compareWithBaseline(now: BenchResult, before: BenchResult): BaselineReport {
  const changes = now.scenarios.flatMap((scenario) => {
    const earlier = before.scenarios.find(({ id }) => id === scenario.id);
    const metric = HEADLINE[scenario.kind];
    if (earlier === undefined || metric === undefined || earlier.kind !== scenario.kind) return [];
    const floors = [
      noiseFloorOf(scenario, now.candidates, metric),
      noiseFloorOf(earlier, before.candidates, metric),
    ];
    const bases = [baseOf(now), baseOf(before)];
    return now.candidates.flatMap(({ name }): Change[] => {
      const values = [scenario, earlier].map((one) => [...valuesByRound(one, name, metric).values()]);
      const [medianNow, medianBefore] = values.map(median);
      if (medianNow === undefined || medianBefore === undefined) return [];
      const ratios = [scenario, earlier].map((one, index) =>
        ratiosOf(one, name, bases[index] ?? '', metric).map(({ ratio }) => ratio),
      );
      return [
        {
          scenario: { id: scenario.id, title: scenario.title },
          candidate: name,
          metric,
          before: medianBefore,
          now: medianNow,
          ...changeOf(values, metric, Math.max(...floors)),
          toBase: bases.includes(name) ? undefined : changeOf(ratios, metric, Math.max(...floors)),
        },
      ];
    });
  });
  return { notes: [...baselineNotes(now, before), ...baseNotes(now, changes)], changes };
}

function changeOf([now = [], before = []]: readonly number[][], metric: Metric, noiseFloor: number) {
  const [logsNow, logsBefore] = [now.map(Math.log), before.map(Math.log)];
  const [middleNow, middleBefore] = [median(logsNow), median(logsBefore)];
  const shift = middleNow === undefined || middleBefore === undefined ? undefined : middleNow - middleBefore;
  const judged = judge(
    shift,
    meanInterval(logsNow, logsBefore, CONFIDENCE),
    noiseFloor,
    largerIsBetter(metric),
  );
  return { ...judged, verdict: VERDICTS[judged.verdict] };
}

function baseOf({ candidates }: BenchResult): string | undefined {
  return candidates.find(({ role }) => role === 'base')?.name;
}

function* baseNotes(now: BenchResult, changes: readonly Change[]): Generator<string> {
  const moved = changes.filter(
    ({ candidate, verdict }) => candidate === baseOf(now) && /better|worse/.test(verdict),
  );
  if (moved.length > 0) {
    const list = moved.map(({ scenario }) => `"${scenario.title}"`).join(', ');
    yield `The base itself changed in ${list}: look at the ratios to the base, the machine may be another than it was`;
  }
}
