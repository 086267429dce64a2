import type { Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import type { ForwardExchange } from '../supervisor/forward.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import { deadlineOf, MAX_TIMER_MS } from './deadline-watch.ts';
import type { SharedWorker } from './overdue.ts';
import { Overlap } from './overlap.ts';
import type { OverlapFollower } from './overlap-follower.ts';

/**
 * Looks after the deadlines of invocations that run beside one another in a worker. There is one timer, for the one that
 * is to be looked at next.
 */
export class OverlapWatch {
  readonly #plan: DeadlinePlan;
  readonly #worker: SharedWorker;
  readonly #log: Log;
  readonly #running = new Set<Overlap>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #timeoutS = 0;
  #follower: OverlapFollower | undefined;

  constructor(plan: DeadlinePlan, worker: SharedWorker, log: Log) {
    this.#plan = plan;
    this.#worker = worker;
    this.#log = log;
  }

  /**
   * Says that an invocation begins.
   *
   * @param invocation carries its deadline
   * @param exchange told of its one answer
   * @returns to be told of what comes from the worker
   */
  begin(invocation: Invocation, exchange: ForwardExchange): ForwardExchange {
    const deadlineMs = deadlineOf(invocation);
    const remainingMs = deadlineMs - Date.now();
    // A deadline that is over before the invocation begins is none; there are platforms that tell wrong ones.
    if (!(remainingMs > this.#plan.marginMs)) return exchange;
    this.#timeoutS = Math.max(this.#timeoutS, Math.ceil(remainingMs / 1000));
    const overlap = new Overlap(invocation, deadlineMs, exchange, this.#running, this.#log);
    this.#arm(overlap);
    return overlap;
  }

  #arm({ deadlineMs }: Overlap): void {
    const { lookMs, marginMs } = this.#plan;
    const dueMs = deadlineMs - Math.max(lookMs, marginMs);
    if (dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    const waitMs = Math.min(Math.max(0, dueMs - Date.now()), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#fire(), waitMs).unref();
  }

  #fire(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
    const { lookMs, marginMs } = this.#plan;
    // By the wall clock, and of a timer that may be a millisecond early.
    const soonMs = Date.now() + Math.max(lookMs, marginMs) + 1;
    for (const overlap of this.#running) {
      if (overlap.isFollowed) continue;
      if (overlap.deadlineMs > soonMs) this.#arm(overlap);
      else {
        overlap.isFollowed = true;
        void this.#follow(overlap);
      }
    }
  }

  async #follow(overlap: Overlap): Promise<void> {
    const { OverlapFollower } = await import('./overlap-follower.ts');
    this.#follower ??= new OverlapFollower(this.#plan, this.#worker, this.#running, this.#log);
    if (!overlap.ended.aborted) await this.#follower.follow(overlap, this.#timeoutS);
  }
}
