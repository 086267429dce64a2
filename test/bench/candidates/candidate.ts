import type { CandidateInfo } from '../result.ts';

/** A runtime that can be measured: what `bootstrap` and function it is made of, and how an environment starts. */
export interface Candidate {
  readonly info: CandidateInfo;
  /** Why it cannot run here and the command that helps; `undefined` when it can. */
  readonly missing: string | undefined;
  /** The most events that it takes at once. */
  readonly maxInFlight: number;
  /** The largest event that it can send back; left out where Lambda's own limit is the only one. */
  readonly maxEventBytes?: number;
  /**
   * Lays its files, once for all rounds.
   *
   * @param folder an empty folder of its own
   * @returns how an environment is started; Lambda's own variables are added to its variables
   */
  prepare(folder: string): Promise<EnvironmentCommand>;
}

export interface EnvironmentCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Where it starts: the function's folder. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}
