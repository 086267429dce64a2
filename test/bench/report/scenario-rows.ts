import type { BenchResult, CandidateInfo, Metric, ScenarioResult } from '../result.ts';
import { type Comparison, compare, noiseFloorOf } from '../statistics/compare.ts';
import { HEADLINE, largerIsBetter } from '../statistics/metric.ts';
import { type Summary, summarize } from '../statistics/summary.ts';

/** A candidate in a scenario, ready to be printed. */
export interface ScenarioRow {
  /** Its name with its role. */
  readonly label: string;
  readonly summary: Summary;
  /** How it stands to the base; `undefined` of the base itself, or where there is none. */
  toBase(metric: Metric): Comparison | undefined;
}

/**
 * The candidates of a scenario, the best first by what the scenario is about.
 *
 * @param candidates those of the whole run; the ones without a round here are left out
 */
export function scenarioRows(scenario: ScenarioResult, candidates: BenchResult['candidates']): ScenarioRow[] {
  const base = candidates.find(({ role }) => role === 'base')?.name;
  const floors = new Map<Metric, number>();
  const floorOf = (metric: Metric) => {
    const floor = floors.get(metric) ?? noiseFloorOf(scenario, candidates, metric);
    floors.set(metric, floor);
    return floor;
  };
  const rows = candidates
    .map((info) => ({
      label: labelOf(info),
      summary: summarize(scenario, info.name),
      toBase: (metric: Metric) =>
        base === undefined || base === info.name
          ? undefined
          : compare(scenario, info.name, base, metric, floorOf(metric)),
    }))
    .filter(({ summary }) => summary.rounds > 0);
  const metric = HEADLINE[scenario.kind];
  if (metric === undefined) return rows;
  const sign = largerIsBetter(metric) ? -1 : 1;
  const rank = ({ summary }: ScenarioRow) =>
    (summary.metrics[metric]?.median ?? Number.POSITIVE_INFINITY) * sign;
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

function labelOf({ name, role }: CandidateInfo): string {
  return role === 'peer' || role === name ? name : `${name} (${role})`;
}
