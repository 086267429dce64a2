/**
 * Waits for something, but no longer than another wait takes.
 *
 * @param wanted what is waited for
 * @param wait takes the time; ended by its signal when that came first
 * @returns `late` when it did not come in time
 */
export async function orLate<T>(
  wanted: Promise<T>,
  wait: (signal: AbortSignal) => Promise<unknown>,
): Promise<T | 'late'> {
  const over = new AbortController();
  const late = wait(over.signal).then(() => 'late' as const);
  try {
    return await Promise.race([wanted, late]);
  } finally {
    over.abort();
  }
}
