import type { OverdueWorker } from '../deadline/overdue.ts';
import type { OverlapWatch } from '../deadline/overlap-watch.ts';
import type { PilotlightError } from '../errors.ts';
import type { StartedWorker } from './start-worker.ts';
import type { Wear } from './wear.ts';
import type { WorkerProcess } from './worker-process.ts';

/** A worker that is ready, and what its slot knows of it. */
export interface LiveWorker extends StartedWorker, OverdueWorker {
  readonly process: WorkerProcess;
  /** What it has behind it, where there is a limit to that. */
  readonly wear: Wear | undefined;
  /** Invocations that it has not answered yet. */
  running: number;
  /** Whether it is out of use: none is handed to it any more. */
  retired: boolean;
  /** Whether it is out of use in good order: the function's shutdown hooks run before its end. */
  isWorn: boolean;
  /** Why its invocations were given up, if they were. */
  givenUp: PilotlightError | undefined;
  /** Looks after the deadlines of invocations that may be several. */
  readonly overlaps: OverlapWatch | undefined;
}
