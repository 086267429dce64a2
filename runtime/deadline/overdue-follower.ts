import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-watch.ts';
import type { Findings } from './findings.ts';
import { NodeLook } from './node/node-look.ts';
import type { Overdue, OverdueWorker } from './overdue.ts';
import { lookAtProcess } from './process/look-at-process.ts';
import { timeoutError } from './timeout-error.ts';

/** When the log is told of an invocation that is left to the platform. */
const LEFT_ALONE_MS = 50;

/** Finds out where the code of overdue invocations stands while it runs on, and gives them up as late as it may. */
export class OverdueFollower {
  readonly #plan: DeadlinePlan;
  readonly #log: Log;
  readonly #looks = new WeakMap<OverdueWorker['process'], NodeLook>();

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
    look?.run(ended).catch((error) => this.#log.debug(`worker ${pid} cannot be looked at: ${error}`));
    const tellMs = deadlineMs - (marginMs || Math.min(LEFT_ALONE_MS, lookMs));
    if (await isAnsweredBefore(tellMs, ended)) return;
    const findings = lookMs > 0 && pid !== undefined ? this.#gather(pid, look) : {};
    const error = timeoutError(timeoutS, findings);
    if (marginMs > 0) worker.giveUp(error, findings.frames?.length === 0);
    else this.#log.warn([`${requestId} ${error.message}`, ...error.trace].join('\r'));
  }

  /** Whatever goes wrong with it, the invocation is to be given up in time. */
  #gather(pid: number, look: NodeLook | undefined): Partial<Findings> {
    try {
      const outside = lookAtProcess(pid);
      const isHeld = outside.systemCall !== undefined || (outside.children ?? []).length > 0;
      return { ...outside, ...look?.report(isHeld, this.#plan.marginMs > 0) };
    } catch (error) {
      this.#log.debug(`worker ${pid} cannot be looked at: ${error}`);
      return {};
    }
  }

  /** What another interpreter can tell of itself has its place here, beside Node's. */
  #lookAt({ process: worker }: OverdueWorker): NodeLook | undefined {
    const { lookMs, interpreter, host } = this.#plan;
    if (lookMs === 0 || worker.pid === undefined || !interpreter.startsWith('node')) return undefined;
    const look = this.#looks.get(worker) ?? new NodeLook(worker.pid, host);
    this.#looks.set(worker, look);
    return look;
  }
}

/** Waits, by the wall clock. */
async function isAnsweredBefore(timeMs: number, ended: AbortSignal): Promise<boolean> {
  const waitMs = Math.max(0, timeMs - Date.now());
  return await delay(waitMs, false, { signal: ended }).catch(() => true);
}
