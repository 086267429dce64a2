import { deadlineOf, MAX_TIMER_MS } from './deadline/deadline-watch.ts';
import type { Invocation } from './lambda-api/invocation.ts';

/** Lambda is the first to act at a deadline: by then it has told the caller, and counts the invocation no more. */
const MARGIN_MS = 100;

/** An invocation whose poller waits for its answer. */
interface Waiting {
  readonly dueMs: number;
  readonly goOn: () => void;
}

/**
 * Makes what frees pollers whose invocations are overdue. On Managed Instances code runs on past its deadline; handlers
 * that hang would take one poller after the other until nobody asks for events. A timer is kept and moved: one for each
 * invocation costs more than all else that is done for it here.
 *
 * @returns takes an invocation, and what takes the next event; gives what is to be called when its answer is over:
 *   whichever comes first goes on, once
 */
export function createGoOnAtDeadline(): (invocation: Invocation, goOn: () => void) => () => void {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let timerDueMs = Number.POSITIVE_INFINITY;

  function arm(dueMs: number): void {
    if (dueMs >= timerDueMs) return;
    clearTimeout(timer);
    timerDueMs = dueMs;
    timer = setTimeout(fire, Math.min(dueMs - Date.now(), MAX_TIMER_MS)).unref();
  }
  function fire(): void {
    timerDueMs = Number.POSITIVE_INFINITY;
    // By the wall clock, and of a timer that may be a millisecond early.
    const soonMs = Date.now() + 1;
    for (const one of waiting) {
      if (one.dueMs > soonMs) arm(one.dueMs);
      else end(one);
    }
  }
  function end(one: Waiting): void {
    if (waiting.delete(one)) one.goOn();
  }
  return (invocation, goOn) => {
    const dueMs = deadlineOf(invocation) + MARGIN_MS;
    if (Number.isNaN(dueMs)) return goOn;
    const one = { dueMs, goOn };
    waiting.add(one);
    arm(dueMs);
    return () => end(one);
  };
}
