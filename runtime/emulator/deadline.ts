/** A point in time that a race can wait for. */
export interface Deadline {
  readonly expired: Promise<void>;
  cancel(): void;
}

/**
 * Starts a deadline.
 *
 * @param afterMs milliseconds from now; `Infinity` never expires
 */
export function startDeadline(afterMs: number): Deadline {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (afterMs === Number.POSITIVE_INFINITY) return { expired: promise, cancel() {} };
  const timer = setTimeout(resolve, afterMs);
  return { expired: promise, cancel: () => clearTimeout(timer) };
}
