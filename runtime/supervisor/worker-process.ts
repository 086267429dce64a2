import type { InitErrorLine, LastLine, ReadyLine } from '../../worker/protocol.ts';
import type { ExitStatus } from './exit-status.ts';
import type { FatalReport } from './fatal-report.ts';

/** How a worker ended, and all that is left to tell why. */
export interface WorkerEnd extends ExitStatus {
  /** Why it could not even be started. */
  readonly startError: Error | undefined;
  /** Its last lines of standard error. */
  readonly lastOutput: readonly string[];
  /** What it could still say itself. */
  readonly lastLine: LastLine | undefined;
  /** What its interpreter wrote about an error that ended it. */
  readonly report: FatalReport | undefined;
  /** Whether the kernel killed a process for lack of memory while it lived. */
  readonly ranOutOfMemory: boolean;
}

/** The lines that a worker writes on its own descriptor. */
export interface WorkerLines {
  /** How its start went, or `undefined` when the lines ended before it. */
  readonly first: Promise<ReadyLine | InitErrorLine | undefined>;
  /** Resolves when no more can come. */
  readonly closed: Promise<void>;
  /** What it said at its end, so far. */
  last(): LastLine | undefined;
}

/** A worker's process. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  readonly socketPath: string;
  readonly lines: WorkerLines;
  /** Settles when it has ended; never rejects. */
  readonly ended: Promise<WorkerEnd>;
  /** Ends it with everything it started: SIGKILL. */
  kill(): void;
}
