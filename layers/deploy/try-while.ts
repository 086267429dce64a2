import { setTimeout } from 'node:timers/promises';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * Repeats what the service refuses only for now, with growing pauses.
 *
 * @param isForNow whether an error is of that kind
 * @param limitMs how long it is tried
 * @param signal ends the pauses
 * @param work what is done
 * @throws the last error
 */
export async function tryWhile<T>(
  isForNow: (error: Error) => boolean,
  limitMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isForNow(error as Error) || performance.now() + pauseMs > endMs) throw error;
      await setTimeout(pauseMs, undefined, { signal });
    }
  }
}
