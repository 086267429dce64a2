import { deadlineOf, MAX_TIMER_MS } from './deadline/deadline-watch.ts';
import type { Invocation } from './lambda-api/invocation.ts';

/** Lambda is the first to act at a deadline: by then it has told the caller, and counts the invocation no more. */
const MARGIN_MS = 100;

/** A poller's wait for the answer of its invocation. */
export interface PollerWait {
  /** Whether the poller has gone on. */
  readonly isOver: boolean;
  /** Lets the poller go on, unless it has. Needs no `this`. */
  readonly end: () => void;
}

/**
 * Makes what frees pollers whose invocations are overdue. On Managed Instances code runs on past its deadline; handlers
 * that hang would take one poller after the other until nobody asks for events. A timer is kept and moved: one for each
 * invocation costs more than all else that is done for it here.
 *
 * @returns takes an invocation, and what takes the next event: that is called once, when the wait is ended or at the
 *   deadline
 */
export function createGoOnAtDeadline(): (invocation: Invocation, goOn: () => void) => PollerWait {
  const waiting = new Set<PollerWait & { readonly dueMs: number }>();
  let timer: NodeJS.Timeout | undefined;
  let timerDueMs = Number.POSITIVE_INFINITY;

  function arm(dueMs: number): void {
    if (dueMs >= timerDueMs) return;
    clearTimeout(timer);
    timerDueMs = dueMs;
    // An event may come too late already.
    const waitMs = Math.max(1, Math.min(dueMs - Date.now(), MAX_TIMER_MS));
    timer = setTimeout(fire, waitMs).unref();
  }
  function fire(): void {
    timerDueMs = Number.POSITIVE_INFINITY;
    // By the wall clock, and of a timer that may be a millisecond early.
    const soonMs = Date.now() + 1;
    for (const wait of waiting) {
      if (wait.dueMs > soonMs) arm(wait.dueMs);
      else wait.end();
    }
  }
  return (invocation, goOn) => {
    const dueMs = deadlineOf(invocation) + MARGIN_MS;
    const wait = {
      dueMs: Number.isNaN(dueMs) ? Number.POSITIVE_INFINITY : dueMs,
      get isOver(): boolean {
        return !waiting.has(wait);
      },
      end() {
        if (waiting.delete(wait)) goOn();
      },
    };
    waiting.add(wait);
    arm(wait.dueMs);
    return wait;
  };
}
