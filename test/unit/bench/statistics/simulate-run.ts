import { Histogram } from '../../../bench/histogram.ts';
import type { RunResult, ScenarioResult } from '../../../bench/result.ts';
import { createNormal } from '../../../bench/statistics/normal.ts';
import { createRandom } from '../../../helpers/random.ts';

/** A candidate as it really is: what a perfect machine would measure of it. */
export interface TrueCandidate {
  readonly name: string;
  readonly medianNs: number;
}

export interface Simulation {
  readonly seed: number;
  readonly candidates: readonly TrueCandidate[];
  readonly rounds?: number;
  readonly invocations?: number;
  /** Standard deviation of what hits all candidates of a round alike, 0.05 for 5 %. */
  readonly roundNoise?: number;
  /** Standard deviation between processes of one candidate. */
  readonly processNoise?: number;
  /** Share of the invocations that take ten times as long. */
  readonly outliers?: number;
}

/**
 * A scenario whose true figures are known: log-normal latencies with outliers, shifted by round and by process as real
 * machines do.
 */
export function simulate(options: Simulation): ScenarioResult {
  const { seed, candidates, rounds = 5, invocations = 200, outliers = 0.01 } = options;
  const { roundNoise = 0.05, processNoise = 0.03 } = options;
  const random = createRandom(seed);
  const normal = createNormal(random);
  const runs = Array.from({ length: rounds }, (_, round) => {
    const roundFactor = Math.exp(roundNoise * normal());
    return candidates.map(({ name, medianNs }): RunResult => {
      const runMedianNs = medianNs * roundFactor * Math.exp(processNoise * normal());
      const latency = Histogram.create();
      let sumNs = 0;
      for (let count = 0; count < invocations; count += 1) {
        const ns = runMedianNs * Math.exp(0.25 * normal()) * (random.chance(outliers) ? 10 : 1);
        latency.record(ns);
        sumNs += ns;
      }
      return {
        candidate: name,
        round,
        invocations,
        latency: latency.encode(),
        perSecond: (invocations / sumNs) * 1e9,
      };
    });
  }).flat();
  return {
    id: 'warm-split-150',
    kind: 'warm',
    title: 'warm, 150 B, driver and environment on a core each',
    placement: 'split',
    eventBytes: 150,
    inFlight: 1,
    idleMs: 0,
    runs,
  };
}
