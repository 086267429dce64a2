/** What the command line asks of the driver, one task at a time. */
export interface DriverTask {
  /** Bytes of each event. */
  readonly eventBytes: number;
  /** The most events that wait for their answers at once. */
  readonly inFlight: number;
  /** Events before the measured ones. Above 0 the driver then waits for `measure`; with 0 it goes straight on. */
  readonly warmUp: number;
  /** Measured events. */
  readonly invocations: number;
  /** Pause before each event. */
  readonly idleMs: number;
  /** Whether events come in chunks instead of with their length. */
  readonly chunked: boolean;
  /** Whether answers carry the handler's own stamp instead of the event, and each invocation's stamps are wanted. */
  readonly stamped: boolean;
}

export type ToDriver =
  | { readonly kind: 'task'; readonly task: DriverTask }
  | { readonly kind: 'measure' }
  /** The environment is gone: let go of the port. */
  | { readonly kind: 'release' };

export type FromDriver =
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'warm' }
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  /** The candidate did something wrong; nothing more is measured. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'released' };

/** Times are of the monotonic clock, which all processes share, in nanoseconds. */
export interface Measurement {
  readonly firstPollNs: number;
  readonly firstAnswerNs: number;
  /** All events between `measure` and the end, the measured ones among them. */
  readonly events: number;
  readonly invocations: number;
  /** From the first measured event to the poll after the last one. */
  readonly tookNs: number;
  readonly latency: string;
  readonly turnaround: string;
  readonly stamps: readonly InvocationStamps[];
}

/** When an invocation was where, as the driver and the handler saw it. */
export interface InvocationStamps {
  readonly requestId: string;
  readonly sentNs: number;
  readonly handlerNs: number;
  readonly answeredNs: number;
}
