import type { Machine, ScenarioResult } from '../bench/result.ts';
import type { MatrixCandidate } from './candidates.ts';
import type { Difference } from './differences.ts';

/** A difference with its candidate, and why it is to be expected where it is. */
export interface FoundDifference extends Difference {
  readonly candidate: string;
  readonly reason?: string;
}

/** What a run leaves: `--json` prints it. */
export interface MatrixResult {
  readonly format: 'pilotlight-matrix';
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookS: number;
  readonly machine: Machine;
  readonly candidates: readonly Pick<MatrixCandidate, 'name' | 'layers' | 'mode' | 'runs'>[];
  /** Left out, each with the reason and the command that helps. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
  readonly differences: readonly FoundDifference[];
  readonly scenarios: readonly ScenarioResult[];
}
