import { Histogram } from '../histogram.ts';
import { AWS_RESULT_FORMAT, AWS_RESULT_VERSION, type AwsResult, type ColdStart } from './aws-result.ts';
import { DeployedFunction, type DeployedOutcome, type DeployedTarget } from './deployed-function.ts';

/** After so many refusals or errors one after the other, more of them would tell nothing new. */
const MOST_FAILURES_IN_A_ROW = 10;
const NS_PER_MS = 1e6;

/** How a deployed function is measured. */
export interface AwsPlan {
  readonly event: Uint8Array;
  /** Warm invocations that are measured. */
  readonly invocations: number;
  /** Warm invocations before them, which pay for the connection and for what the function compiles late. */
  readonly warmUp: number;
  /** Told after each invocation how many are measured already. */
  readonly onStep?: (measured: number) => void;
}

/**
 * Measures a deployed function one invocation after the other, by the platform's own figures and by the clock here.
 * Exercised against the local Lambda only; on AWS itself it was never run.
 *
 * @param target the function
 * @param shell the variables of the shell, for the SDK
 * @param plan how much
 * @returns the figures so far when the function fails or is throttled too often in a row
 * @throws {ToolError} `CANNOT` when the function cannot be invoked, or its log holds no REPORT line
 */
export async function measureFunction(
  target: DeployedTarget,
  shell: NodeJS.ProcessEnv,
  plan: AwsPlan,
): Promise<AwsResult> {
  const startedAt = new Date();
  const deployed = new DeployedFunction(target, shell);
  const tally = new Tally(plan.warmUp);
  try {
    while (tally.measured < plan.invocations && tally.failuresInARow < MOST_FAILURES_IN_A_ROW) {
      target.signal.throwIfAborted();
      tally.add(await deployed.invoke(plan.event));
      plan.onStep?.(tally.measured);
    }
  } finally {
    deployed.close();
  }
  return {
    format: AWS_RESULT_FORMAT,
    version: AWS_RESULT_VERSION,
    startedAt: startedAt.toISOString(),
    tookS: (Date.now() - startedAt.getTime()) / 1000,
    functionName: target.name,
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    eventBytes: plan.event.byteLength,
    ...tally.figures(),
  };
}

/** The figures while they come in. */
class Tally {
  measured = 0;
  failuresInARow = 0;
  readonly #platform = Histogram.create();
  readonly #roundTrip = Histogram.create();
  readonly #cold: ColdStart[] = [];
  #warmUpLeft: number;
  #billedMs = 0;
  #memorySizeMB = 0;
  #maxMemoryMB = 0;
  #functionErrors = 0;
  #throttles = 0;

  constructor(warmUp: number) {
    this.#warmUpLeft = warmUp;
  }

  add(outcome: DeployedOutcome): void {
    this.failuresInARow = outcome.kind === 'answered' ? 0 : this.failuresInARow + 1;
    if (outcome.kind === 'throttled') {
      this.#throttles += 1;
      return;
    }
    const { report, roundTripMs } = outcome;
    this.#memorySizeMB = report.memorySizeMB;
    this.#maxMemoryMB = Math.max(this.#maxMemoryMB, report.maxMemoryMB);
    if (outcome.kind === 'failed') {
      this.#functionErrors += 1;
    } else if (report.initMs !== undefined) {
      this.#cold.push({ initMs: report.initMs, durationMs: report.durationMs, roundTripMs });
    } else if (this.#warmUpLeft > 0) {
      this.#warmUpLeft -= 1;
    } else {
      this.measured += 1;
      this.#billedMs += report.billedMs;
      this.#platform.record(report.durationMs * NS_PER_MS);
      this.#roundTrip.record(roundTripMs * NS_PER_MS);
    }
  }

  figures() {
    return {
      memorySizeMB: this.#memorySizeMB,
      maxMemoryMB: this.#maxMemoryMB,
      warm: {
        invocations: this.measured,
        platform: this.#platform.encode(),
        roundTrip: this.#roundTrip.encode(),
        billedMs: this.#billedMs,
      },
      cold: this.#cold,
      functionErrors: this.#functionErrors,
      throttles: this.#throttles,
    };
  }
}
