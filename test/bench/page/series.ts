import { Histogram } from '../histogram.ts';
import type { ScenarioRow } from '../report/scenario-rows.ts';
import type { RunResult, ScenarioResult } from '../result.ts';
import type { Look } from './looks.ts';

/** What one candidate did in a scenario. */
export interface Series {
  readonly look: Look;
  readonly row: ScenarioRow;
  /** In the order of rounds. */
  readonly runs: readonly RunResult[];
  /** All rounds together; absent where latency was not measured. */
  readonly latency: Histogram | undefined;
  readonly medianOfRound: readonly RoundValue[];
}

export interface RoundValue {
  readonly round: number;
  readonly value: number;
}

/**
 * Gathers a scenario's runs by candidate.
 *
 * @param scenario with encoded histograms
 * @param rows of the candidates that took part
 * @param looks of all candidates
 * @returns series in the order of the rows
 * @throws when a histogram cannot be read
 */
export function gatherSeries(
  scenario: ScenarioResult,
  rows: readonly ScenarioRow[],
  looks: ReadonlyMap<string, Look>,
): Series[] {
  return rows.flatMap((row) => {
    const name = row.summary.candidate;
    const look = looks.get(name);
    const runs = scenario.runs.filter(({ candidate }) => candidate === name);
    return look === undefined ? [] : [oneSeries(look, row, runs)];
  });
}

function oneSeries(look: Look, row: ScenarioRow, unsorted: readonly RunResult[]): Series {
  const runs = unsorted.toSorted((a, b) => a.round - b.round);
  const latencies = runs
    .flatMap(({ round, latency }) =>
      latency === undefined ? [] : [{ round, histogram: Histogram.decode(latency) }],
    )
    .filter(({ histogram }) => histogram.count > 0);
  return {
    look,
    row,
    runs,
    latency:
      latencies.length === 0 ? undefined : Histogram.merge(latencies.map(({ histogram }) => histogram)),
    medianOfRound: latencies.map(({ round, histogram }) => ({ round, value: histogram.percentile(50) })),
  };
}
