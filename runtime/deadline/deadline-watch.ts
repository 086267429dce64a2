import type { Invocation } from '../lambda-api/invocation.ts';
import { DEADLINE_HEADER } from '../lambda-api/names.ts';
import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import type { Overdue, OverdueWorker } from './overdue.ts';
import type { OverdueFollower } from './overdue-follower.ts';

/** What timers take; a deadline beyond is that of a debugger. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Looks after the running invocation's deadline. An invocation costs two stores: there is one timer, made for the
 * invocation that runs when there is none, and moved when it fires in another. Lambda gives all invocations of an
 * environment the same time, so a timer of an earlier one never fires too late for a later one.
 */
export class DeadlineWatch {
  readonly #plan: DeadlinePlan;
  readonly #log: Log;
  #invocation: Invocation | undefined;
  #worker: OverdueWorker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended: AbortController | undefined;
  #timeoutS = 0;
  #follower: OverdueFollower | undefined;

  constructor(plan: DeadlinePlan, log: Log) {
    this.#plan = plan;
    this.#log = log;
  }

  /**
   * Says that an invocation begins; only one runs at a time.
   *
   * @param invocation carries its deadline
   * @param worker where it runs
   */
  begin(invocation: Invocation, worker: OverdueWorker): void {
    this.#invocation = invocation;
    this.#worker = worker;
    if (this.#timer === undefined) this.#arm(deadlineOf(invocation));
  }

  /** Says that the invocation has its answer. */
  end(): void {
    this.#invocation = undefined;
    if (this.#ended !== undefined) this.#leave(this.#ended);
  }

  #arm(deadlineMs: number): void {
    const remainingMs = deadlineMs - Date.now();
    const { lookMs, marginMs } = this.#plan;
    // A deadline that is over before the invocation begins is none; there are platforms that tell wrong ones.
    if (!(remainingMs > marginMs)) return;
    this.#timeoutS = Math.max(this.#timeoutS, Math.ceil(remainingMs / 1000));
    const waitMs = Math.max(0, remainingMs - Math.max(lookMs, marginMs));
    this.#timer = setTimeout(() => this.#fire(), Math.min(waitMs, MAX_TIMER_MS)).unref();
  }

  #fire(): void {
    this.#timer = undefined;
    const invocation = this.#invocation;
    const worker = this.#worker;
    if (invocation === undefined || worker === undefined) return;
    const { lookMs, marginMs } = this.#plan;
    const deadlineMs = deadlineOf(invocation);
    // By the wall clock: timers may stand still while an environment is frozen.
    const remainingMs = deadlineMs - Date.now();
    if (remainingMs > Math.max(lookMs, marginMs) + 1) this.#arm(deadlineMs);
    // Past it, the platform has decided.
    else if (remainingMs > 0) {
      const ended = new AbortController();
      this.#ended = ended;
      const { requestId } = invocation;
      void this.#follow({ requestId, deadlineMs, timeoutS: this.#timeoutS, worker, ended: ended.signal });
    }
  }

  async #follow(overdue: Overdue): Promise<void> {
    const { OverdueFollower } = await import('./overdue-follower.ts');
    this.#follower ??= new OverdueFollower(this.#plan, this.#log);
    if (!overdue.ended.aborted) await this.#follower.follow(overdue);
  }

  #leave(ended: AbortController): void {
    this.#ended = undefined;
    ended.abort();
  }
}

/**
 * When an invocation has to have its answer, in milliseconds since 1970; `NaN` where nothing says it.
 *
 * @param invocation carries it
 */
export function deadlineOf({ header }: Invocation): number {
  return Number(header(DEADLINE_HEADER));
}
