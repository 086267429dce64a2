import type { Readable } from 'node:stream';

/** How a worker ended. */
export interface WorkerEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Why it could not even be started. */
  readonly startError: Error | undefined;
  /** Its last lines of standard error. */
  readonly lastOutput: readonly string[];
}

/** A worker's process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  /** The lines it writes on its own descriptor. */
  readonly lines: Readable;
  /** Settles when it has ended; never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** Ends it with everything it started: SIGKILL. */
  kill(): void;
}
