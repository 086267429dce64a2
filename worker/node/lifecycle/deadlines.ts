/** Taken before user code runs, which may replace the globals. */
const { setTimeout, clearTimeout } = globalThis;

interface Deadline {
  readonly signal: AbortSignal;
  readonly timer: NodeJS.Timeout | undefined;
}

/** The signals that fire at the deadlines of running invocations; there are only those that were asked for. */
export class Deadlines {
  readonly #deadlines = new Map<string, Deadline>();

  /**
   * The signal of an invocation, the same each time until it has ended.
   * @param requestId - the invocation's id
   * @param remainingMs - until the deadline; `NaN`: there is none, and the signal never fires
   */
  signalFor(requestId: string, remainingMs: number): AbortSignal {
    const known = this.#deadlines.get(requestId);
    if (known !== undefined) return known.signal;
    const controller = new AbortController();
    const timer = Number.isNaN(remainingMs) ? undefined : setTimeout(abort, remainingMs, controller);
    // It must not keep the event loop from being empty, which ends invocations.
    timer?.unref();
    this.#deadlines.set(requestId, { signal: controller.signal, timer });
    return controller.signal;
  }

  /** Keeps the signal of an invocation that has ended from firing. */
  end(requestId: string): void {
    if (this.#deadlines.size === 0) return;
    clearTimeout(this.#deadlines.get(requestId)?.timer);
    this.#deadlines.delete(requestId);
  }
}

function abort(controller: AbortController): void {
  controller.abort(new DOMException('The deadline of the invocation has passed', 'TimeoutError'));
}
