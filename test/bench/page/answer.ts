import { figure } from '../report/figures.ts';
import type { ScenarioRow } from '../report/scenario-rows.ts';
import type { BenchResult, ScenarioResult } from '../result.ts';
import { formatTime } from './format.ts';

/** What all this is about, where it took part. */
const OURS = 'pilotlight';

/** A scenario with its candidates. */
export interface MeasuredScenario {
  readonly scenario: ScenarioResult;
  readonly rows: readonly ScenarioRow[];
}

/**
 * Says in a sentence what the run showed: how our candidate, or else the first peer, stands to the base in the first
 * warm scenario.
 *
 * @param measured all scenarios
 * @param candidates of the whole run
 * @returns the sentence; one that claims nothing where nothing can be compared
 */
export function answerSentence(
  measured: readonly MeasuredScenario[],
  candidates: BenchResult['candidates'],
): string {
  const peers = candidates.filter(({ role }) => role === 'peer');
  const subject = peers.find(({ name }) => name === OURS) ?? peers[0];
  const base = candidates.find(({ role }) => role === 'base');
  for (const { scenario, rows } of measured.filter((each) => each.scenario.kind === 'warm')) {
    const own = rows.find(({ summary }) => summary.candidate === subject?.name);
    const time = own?.summary.metrics.p50?.median;
    if (own === undefined || time === undefined) continue;
    const answers = `${own.summary.candidate} answers a warm ${sizeText(scenario.eventBytes)} invocation`;
    const compared = own.toBase('p50');
    const baseTime = rows.find(({ summary }) => summary.candidate === base?.name)?.summary.metrics.p50
      ?.median;
    if (compared?.ratio === undefined || base === undefined || baseTime === undefined) {
      return `${answers} in ${formatTime(time)} (median).`;
    }
    const { ratio, interval, verdict } = compared;
    const against = `${formatTime(time)} against ${formatTime(baseTime)}`;
    if (interval === undefined) {
      return `${answers} in ${figure(ratio)} of the time of ${base.name}: ${against}, from too few rounds to be sure.`;
    }
    const within = `95\u00a0% interval ${figure(interval.low)} to ${figure(interval.high)}`;
    if (verdict === 'draw' || verdict === 'unsure') {
      const doubt =
        verdict === 'draw' ? 'no difference can be claimed' : 'the rounds do not say which is faster';
      return `${answers} in ${against} of ${base.name}: ${doubt} (ratio ${figure(ratio)}, ${within}).`;
    }
    return `${answers} in ${figure(ratio)} of the time of ${base.name} (${within}): ${against}.`;
  }
  return 'No warm invocations were measured.';
}

function sizeText(bytes: number): string {
  if (bytes >= 1e6) return `${bytes / 1e6}\u00a0MB`;
  return bytes >= 1e4 ? `${bytes / 1e3}\u00a0kB` : `${bytes}\u00a0B`;
}
