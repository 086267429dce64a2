import type { ScenarioResult } from './result.ts';

/** One way of asking: what is sent, how often, and who is left out. */
export interface Scenario
  extends Pick<ScenarioResult, 'id' | 'kind' | 'title' | 'placement' | 'eventBytes' | 'inFlight' | 'idleMs'> {
  readonly rounds: number;
  /** Events before the measured ones, in each round; 0: from the very first, without a pause. */
  readonly warmUp: number;
  /** Measured events in each round. */
  readonly invocations: number;
  /** Variables of the handlers. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of candidates that are left out. */
  readonly without: readonly string[];
}
