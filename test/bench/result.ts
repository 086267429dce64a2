/**
 * What a benchmark run leaves behind: `--json` prints it, `--baseline` reads it, tables and the page are made from it.
 * Times are whole nanoseconds of the monotonic clock unless a name says otherwise.
 */
export const RESULT_FORMAT = 'pilotlight-bench';
export const RESULT_VERSION = 1;

export interface BenchResult {
  readonly format: typeof RESULT_FORMAT;
  readonly version: typeof RESULT_VERSION;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookS: number;
  /** The command that makes this run again. */
  readonly command: string;
  readonly machine: Machine;
  readonly candidates: readonly CandidateInfo[];
  readonly scenarios: readonly ScenarioResult[];
  /** What makes the figures doubtful, each with what to do about it. */
  readonly warnings: readonly string[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Load of the last minute when the run began. */
  readonly load: number;
  /** What sets the cores' frequency, for example `performance`; absent in most virtual machines. */
  readonly governor?: string;
  /** Share of the run's time that the host gave to others, in percent. */
  readonly stealPercent?: number;
}

export interface CandidateInfo {
  readonly name: string;
  /** A few words: `official Node client, native part`. */
  readonly description: string;
  /** Versions of what it is made of, for example `{ "aws-lambda-ric": "4.0.2", "node": "24.21.0" }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** `base`: ratios are taken against it; `control`: the same as another candidate, must be a draw; `floor`: does nothing. */
  readonly role: 'base' | 'control' | 'floor' | 'peer';
  /** Of a control: the candidate that it repeats. */
  readonly repeats?: string;
}

/** `split`: driver and environment on a core each; `one`: both on the same; `free`: where the scheduler puts them. */
export type Placement = 'split' | 'one' | 'free';

/** One way of asking, answered by several candidates in interleaved rounds. */
export interface ScenarioResult {
  /** For machines, for example `warm-split-150`. */
  readonly id: string;
  readonly kind: 'warm' | 'first' | 'idle' | 'log' | 'concurrent' | 'cold' | 'phases';
  /** For people, for example `warm, 150 B, driver and environment on a core each`. */
  readonly title: string;
  readonly placement: Placement;
  readonly eventBytes: number;
  readonly inFlight: number;
  /** Pause before each event. */
  readonly idleMs: number;
  readonly runs: readonly RunResult[];
}

/** One candidate in one round, in a fresh environment. */
export interface RunResult {
  readonly candidate: string;
  /** Counted from 0; runs of one round were measured side by side. */
  readonly round: number;
  /** Events answered and measured; each answer was compared with its event. */
  readonly invocations: number;
  /** From just before the event is written until the read that brought the last byte of its answer. Histogram, see `histogram.ts`. */
  readonly latency?: string;
  /** The same until the environment's next poll has arrived too. */
  readonly turnaround?: string;
  readonly perSecond?: number;
  /** User and system time of the environment's processes. */
  readonly cpuUsPerInvocation?: number;
  /** Of all processes of the environment while it waits for an event, from `smaps_rollup`. */
  readonly memory?: { readonly proportionalKiB: number; readonly privateKiB: number };
  /** From the environment's start. */
  readonly cold?: { readonly firstPollNs: number; readonly firstAnswerNs: number };
  /** Medians of the parts of an invocation, one after the other. */
  readonly phases?: readonly PhaseResult[];
}

export interface PhaseResult {
  /** For example `received`: the phase that ends with it. */
  readonly name: string;
  readonly medianNs: number;
}

/** What can be compared between candidates. */
export type Metric =
  | 'p50'
  | 'p90'
  | 'p99'
  | 'p999'
  | 'mean'
  | 'turnaround'
  | 'perSecond'
  | 'cpu'
  | 'memory'
  | 'firstPoll'
  | 'firstAnswer';
