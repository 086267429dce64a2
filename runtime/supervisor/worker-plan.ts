import type { PartDigests } from '../../worker/protocol.ts';
import type { LaunchedWorker } from '../config.ts';
import type { DeadlinePlan } from '../deadline/deadline-plan.ts';
import type { CreateHttpClient } from '../transport/http-client.ts';
import type { WorkerClient } from './forward.ts';
import type { WearLimits } from './wear.ts';
import type { WorkerCommand } from './worker-command.ts';

/** What a slot needs to start a worker, however often. */
export interface WorkerPlan {
  readonly name: string;
  /** Path of the interpreter. */
  readonly binary: string;
  readonly command: WorkerCommand;
  /** The first worker, where it was started beside the bootstrap. */
  readonly launched: LaunchedWorker | undefined;
  readonly functionFolder: string;
  readonly handler: string;
  readonly parts: PartDigests;
  readonly socketPath: (worker: number) => string;
  readonly stopGraceMs: number;
  readonly wearLimits: WearLimits | undefined;
  readonly connections: number;
  /** How many of the first workers start ahead of their events, so that nobody waits for it. */
  readonly ahead: number;
  /** Has a worker that can play invocations through before it counts as ready; resolves with how many it played. */
  readonly rehearse: ((client: WorkerClient, isAhead: boolean) => Promise<number>) | undefined;
  /** Whether a worker without a shutdown hook is killed instead of asked to end, which takes it 5 ms of the processor. */
  readonly skipsShutdown: boolean;
  /** Gets what ends a worker that is worn, to be called once its answer is read; `undefined`: that is soon. */
  readonly endLater: ((end: () => void) => void) | undefined;
  /** What to do when a deadline comes near; `undefined`: nothing. */
  readonly deadline: DeadlinePlan | undefined;
  readonly asyncTrace: boolean;
  /** The transport, loaded while the first worker boots. */
  readonly createClient: Promise<CreateHttpClient>;
}
