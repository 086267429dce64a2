import type { Scenario } from '../bench/scenario.ts';
import { quick } from '../bench/suite.ts';
import { type MatrixCandidate, REFERENCE } from './candidates.ts';

/** A spare worker is ready again well within it, on one core with the rest of the environment. */
const PACE_MS = 150;
const SMALL_BYTES = 150;
const LARGE_BYTES = 1_000_000;

/** One way of measuring, and who takes part. */
export interface MatrixScenario {
  readonly scenario: Scenario;
  takesPart(candidate: MatrixCandidate): boolean;
}

/**
 * Small events are measured on one core, where ratios hold on a busy machine too. Large events and cold starts on all
 * of them: the driver's work on a large event, to write it and to compare what comes back, would be in each figure.
 */
export const SCENARIOS = {
  warm: {
    scenario: warm('warm', SMALL_BYTES, { rounds: 5, warmUp: 500, invocations: 1_500 }),
    takesPart: ({ mode, runs }) => mode === 'persistent' && runs !== 'start',
  },
  large: {
    scenario: {
      ...warm('large', LARGE_BYTES, { rounds: 5, warmUp: 40, invocations: 60 }),
      placement: 'free',
      title: `${LARGE_BYTES / 1e6} MB, event after event, on the cores that the scheduler chooses`,
    },
    takesPart: ({ mode, runs }) => mode === 'persistent' && runs === 'bundle',
  },
  paced: {
    scenario: {
      ...warm('paced', SMALL_BYTES, { rounds: 3, warmUp: 500, invocations: 10 }),
      kind: 'idle',
      title: `${SMALL_BYTES} B, ${PACE_MS} ms between events, all on one core`,
      idleMs: PACE_MS,
    },
    takesPart: ({ name, mode }) => mode !== 'persistent' || name === REFERENCE,
  },
  cold: {
    scenario: {
      ...warm('cold', SMALL_BYTES, { rounds: 6, warmUp: 0, invocations: 1 }),
      kind: 'cold',
      placement: 'free',
      title: 'cold start, on the cores that the scheduler chooses',
    },
    takesPart: () => true,
  },
} as const satisfies Readonly<Record<string, MatrixScenario>>;

export type ScenarioName = keyof typeof SCENARIOS;

/**
 * The scenarios of a run.
 *
 * @param isQuick whether a few warm invocations do, which show that all works and nothing else
 */
export function scenariosFor(isQuick: boolean): readonly MatrixScenario[] {
  if (!isQuick) return Object.values(SCENARIOS);
  const { scenario, takesPart } = SCENARIOS.warm;
  return [{ scenario: { ...quick(scenario), rounds: 1 }, takesPart }];
}

function warm(
  id: string,
  eventBytes: number,
  counts: Pick<Scenario, 'rounds' | 'warmUp' | 'invocations'>,
): Scenario {
  return {
    id,
    kind: 'warm',
    title: `${eventBytes} B, event after event, all on one core`,
    placement: 'one',
    eventBytes,
    inFlight: 1,
    idleMs: 0,
    variables: {},
    without: [],
    ...counts,
  };
}
