import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import { createLook, gatherFindings, type Look } from './look.ts';
import type { Overdue, OverdueWorker } from './overdue.ts';
import { describeInFull, timeoutError } from './timeout-error.ts';

/** When the log is told of an invocation that is left to the platform. */
export const LEFT_ALONE_MS = 50;

/** Finds out where the code of overdue invocations stands while it runs on, and gives them up as late as it may. */
export class OverdueFollower {
  readonly #plan: DeadlinePlan;
  readonly #log: Log;
  readonly #looks = new WeakMap<OverdueWorker['process'], Look>();

  constructor(plan: DeadlinePlan, log: Log) {
    this.#plan = plan;
    this.#log = log;
  }

  /**
   * Follows an invocation until it has its answer.
   *
   * @param overdue the invocation
   */
  async follow({ requestId, deadlineMs, timeoutS, worker, ended }: Overdue): Promise<void> {
    const { lookMs, marginMs } = this.#plan;
    const { pid } = worker.process;
    const look = this.#lookAt(worker);
    const told = new AbortController();
    look
      ?.run(AbortSignal.any([ended, told.signal]))
      .catch((error) => this.#log.debug(`worker ${pid} cannot be looked at: ${error}`));
    const tellMs = deadlineMs - (marginMs || Math.min(LEFT_ALONE_MS, lookMs));
    if (await isAnsweredBefore(tellMs, ended)) return;
    const findings = lookMs > 0 ? gatherFindings(pid, look, marginMs > 0, this.#log, requestId) : {};
    const error = timeoutError(timeoutS, findings);
    if (marginMs > 0) worker.giveUp(error, findings.frames?.length === 0);
    else this.#log.warn(describeInFull(requestId, error));
    told.abort();
  }

  #lookAt({ process: worker }: OverdueWorker): Look | undefined {
    const look = this.#looks.get(worker) ?? createLook(this.#plan, worker.pid);
    if (look !== undefined) this.#looks.set(worker, look);
    return look;
  }
}

/**
 * Waits, by the wall clock.
 *
 * @param timeMs until when, since 1970
 * @param ended aborted when the invocation has its answer
 * @returns whether it has
 */
export async function isAnsweredBefore(timeMs: number, ended: AbortSignal): Promise<boolean> {
  const waitMs = Math.max(0, timeMs - Date.now());
  return await delay(waitMs, false, { signal: ended }).catch(() => true);
}
