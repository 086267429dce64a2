import type { BenchResult, CandidateInfo, Machine, ScenarioResult } from '../result.ts';
import { compare, valuesByRound } from './compare.ts';
import { median } from './median.ts';
import { HEADLINE } from './metric.ts';

/** Load of the last minute per core; a machine at rest stays well below. */
const QUIET_LOAD = 0.25;
/** Share of the time that the host gave to other guests. */
const QUIET_STEAL_PERCENT = 1;
/** A round this far from the median of its candidate was disturbed. */
const WIDE_SCATTER = 0.25;
const FEWEST_ROUNDS = 3;

/**
 * What makes the figures of a run doubtful, each with what to do about it.
 *
 * @param result a run; the warnings it has already are not looked at
 * @returns one sentence or two for each; empty when nothing was seen
 */
export function noiseWarnings(result: Pick<BenchResult, 'machine' | 'candidates' | 'scenarios'>): string[] {
  return [
    ...machineWarnings(result.machine),
    ...result.scenarios.flatMap((scenario) => [
      ...controlWarnings(scenario, result.candidates),
      ...roundWarnings(scenario, result.candidates),
    ]),
  ];
}

function* machineWarnings({ cores, load, governor, stealPercent = 0 }: Machine): Generator<string> {
  if (cores < 2) {
    yield 'There is one core: driver and environment take turns on it. Measure with 2 or more for latencies as in Lambda';
  }
  if (load > QUIET_LOAD * cores) {
    yield `The load was ${load.toFixed(2)} on ${cores} cores when the run began. End other programs and run again`;
  }
  if (stealPercent > QUIET_STEAL_PERCENT) {
    yield `The host gave ${stealPercent.toFixed(1)} % of the time to others. Run again at another hour, or on a dedicated machine`;
  }
  if (governor !== undefined && governor !== 'performance') {
    yield `The cores change their frequency (governor "${governor}"). Choose "performance" for steadier rounds: cpupower frequency-set -g performance`;
  }
}

function* controlWarnings(scenario: ScenarioResult, candidates: readonly CandidateInfo[]): Generator<string> {
  const metric = HEADLINE[scenario.kind];
  if (metric === undefined) return;
  for (const { name, repeats } of candidates) {
    if (repeats === undefined) continue;
    const { ratio, verdict, rounds } = compare(scenario, name, repeats, metric);
    if (ratio === undefined || rounds.length < FEWEST_ROUNDS || verdict === 'draw') continue;
    const percent = Math.abs(ratio - 1) * 100;
    yield verdict === 'unsure'
      ? `${scenario.title}: "${name}" and "${repeats}" are the same, and the rounds scatter too widely to see that. ${adviceFor(scenario)}`
      : `${scenario.title}: "${name}" is "${repeats}" once more, and came out ${percent.toFixed(1)} % ${verdict}. Trust no difference of that size here; run again on a quieter machine`;
  }
}

function* roundWarnings(scenario: ScenarioResult, candidates: readonly CandidateInfo[]): Generator<string> {
  const metric = HEADLINE[scenario.kind];
  if (metric === undefined || scenario.runs.length === 0) return;
  const roundCount = new Set(scenario.runs.map(({ round }) => round)).size;
  if (roundCount < FEWEST_ROUNDS) {
    yield `${scenario.title}: ${roundCount === 1 ? '1 round is' : `${roundCount} rounds are`} too few to tell a difference from chance. Run ${FEWEST_ROUNDS} or more, better 5`;
    return;
  }
  const scattered = candidates.flatMap(({ name }) => {
    const far = farRounds([...valuesByRound(scenario, name, metric)]);
    return far.length === 0 ? [] : [`${name} (${far.map((round) => round + 1).join(', ')})`];
  });
  if (scattered.length > 0) {
    yield `${scenario.title}: rounds lie more than ${WIDE_SCATTER * 100} % off their median, ${scattered.join(', ')}. ${adviceFor(scenario)}`;
  }
}

function farRounds(values: readonly (readonly [round: number, value: number])[]): number[] {
  const middle = median(values.map(([, value]) => value));
  if (middle === undefined) return [];
  const limit = Math.log1p(WIDE_SCATTER);
  return values.filter(([, value]) => Math.abs(Math.log(value / middle)) > limit).map(([round]) => round);
}

function adviceFor({ placement }: ScenarioResult): string {
  return placement === 'free'
    ? 'The scheduler puts both on one core in some rounds and on two in others: judge by a fixed placement'
    : 'End other programs and run again, or add rounds';
}
