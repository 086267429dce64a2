/** Taken before user code runs, which may replace the globals. */
const { setTimeout, clearTimeout } = globalThis;

/** Lambda's timeouts are whole seconds, and a retry comes after the deadline: those of two calls are further apart. */
const SAME_CALL_MS = 500;

interface Deadline {
  /** `NaN`: there is none. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly timer: NodeJS.Timeout | undefined;
}

/**
 * The signals that fire at the deadlines of running invocations; there are only those that were asked for. An id may
 * have several: where invocations run at once, one that hangs past its deadline is still there when it is retried.
 */
export class Deadlines {
  readonly #deadlines = new Map<string, readonly Deadline[]>();

  /**
   * The signal of an invocation, the same each time until it has ended.
   * @param requestId - the invocation's id
   * @param remainingMs - until the deadline; `NaN`: there is none, and the signal never fires
   */
  signalFor(requestId: string, remainingMs: number): AbortSignal {
    const deadlineMs = Date.now() + remainingMs;
    const ofId = this.#deadlines.get(requestId) ?? [];
    const known = ofId.find((deadline) => isSameCall(deadline.deadlineMs, deadlineMs));
    if (known !== undefined) return known.signal;
    const controller = new AbortController();
    const { signal } = controller;
    const delayMs = Math.max(0, remainingMs);
    const timer = Number.isNaN(remainingMs) ? undefined : setTimeout(abort, delayMs, controller);
    // It must not keep the event loop from being empty, which ends invocations.
    timer?.unref();
    this.#deadlines.set(requestId, [...ofId, { deadlineMs, signal, timer }]);
    return signal;
  }

  /** Keeps the signal of an invocation that has ended from firing; of several with the id, the earliest is meant. */
  end(requestId: string): void {
    if (this.#deadlines.size === 0) return;
    // The retry may have been the one that ended: rather its signal fires than one that still runs never does.
    const [earliest, ...others] = this.#deadlines.get(requestId) ?? [];
    clearTimeout(earliest?.timer);
    if (others.length === 0) this.#deadlines.delete(requestId);
    else this.#deadlines.set(requestId, others);
  }
}

function isSameCall(deadlineMs: number, otherMs: number): boolean {
  return Object.is(deadlineMs, otherMs) || Math.abs(deadlineMs - otherMs) < SAME_CALL_MS;
}

function abort(controller: AbortController): void {
  controller.abort(new DOMException('The deadline of the invocation has passed', 'TimeoutError'));
}
