export const AWS_RESULT_FORMAT = 'pilotlight-bench-aws';
export const AWS_RESULT_VERSION = 1;

/** What `pilotlight bench --aws NAME --json` prints. */
export interface AwsResult {
  readonly format: typeof AWS_RESULT_FORMAT;
  readonly version: typeof AWS_RESULT_VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookS: number;
  /** Name or ARN, as it was asked for. */
  readonly functionName: string;
  /** Address of the Lambda API where it was not AWS. */
  readonly endpoint?: string;
  readonly eventBytes: number;
  /** What the function is given, and the most that it used; 0 when no invocation was answered. */
  readonly memorySizeMB: number;
  readonly maxMemoryMB: number;
  readonly warm: WarmFigures;
  readonly cold: readonly ColdStart[];
  /** Invocations that the function answered with an error; their times are not in the figures. */
  readonly functionErrors: number;
  /** Invocations that the service refused because too many ran. */
  readonly throttles: number;
}

/** Histograms of nanoseconds, see `histogram.ts`. */
export interface WarmFigures {
  readonly invocations: number;
  /** `Duration` of the REPORT line, which is exact to 0.01 ms. */
  readonly platform: string;
  /** From the call of the SDK to its answer, by the clock here. */
  readonly roundTrip: string;
  readonly billedMs: number;
}

export interface ColdStart {
  readonly initMs: number;
  readonly durationMs: number;
  readonly roundTripMs: number;
}
