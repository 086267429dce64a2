/** Early enough that an answer can still be given in place of the platform's. */
const ABORT_BEFORE_MS = 100;

/** An abort signal for the time that an invocation has. */
export interface DeadlineSignal {
  readonly signal: AbortSignal;
  /** To be called when the invocation is over. */
  clear(): void;
}

/**
 * Makes a signal that fires shortly before an invocation's deadline.
 * @param remainingMs - time left; without a number it never fires
 * @returns the signal; its timer does not keep the process alive
 */
export function createDeadlineSignal(remainingMs: number): DeadlineSignal {
  const controller = new AbortController();
  if (Number.isNaN(remainingMs)) return { signal: controller.signal, clear() {} };
  const abort = () => controller.abort(new DOMException('Deadline of the invocation', 'TimeoutError'));
  const timer = setTimeout(abort, Math.max(0, remainingMs - ABORT_BEFORE_MS)).unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
