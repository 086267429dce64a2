import type { Sample } from './load.ts';

/** From when on a version served. */
export interface Flip {
  readonly version: string;
  readonly flippedMs: number;
}

/**
 * Finds answers that did not come from the version that was current when the invocation was taken: no moment between
 * sending and answer has that version as the current one.
 *
 * @param samples answered invocations
 * @param flips in order, beginning with what served first
 */
export function staleAnswers(samples: readonly Sample[], flips: readonly Flip[]): readonly Sample[] {
  return samples.filter(({ version, sentMs, receivedMs }) => {
    if (version === undefined) return false;
    return !flips.some((flip, index) => {
      const endMs = flips[index + 1]?.flippedMs ?? Number.POSITIVE_INFINITY;
      return flip.version === version && flip.flippedMs <= receivedMs && endMs >= sentMs;
    });
  });
}
