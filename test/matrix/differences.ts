import type { Aspect } from './probes.ts';

/** What a candidate showed, by aspect and name of the probe. */
export type Observations = ReadonlyMap<string, unknown>;

/** A probe that a candidate answered otherwise than the reference did. */
export interface Difference {
  readonly aspect: Aspect;
  readonly probe: string;
  /** What the reference showed. */
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * The name of an observation.
 *
 * @param aspect what is compared
 * @param probe the probe's name
 */
export function observationKey(aspect: Aspect, probe: string): string {
  return `${aspect}: ${probe}`;
}

/**
 * Compares what two candidates showed.
 *
 * @param reference what is right
 * @param found what is compared with it
 * @returns in the reference's order; empty when nothing differs
 */
export function differencesOf(reference: Observations, found: Observations): Difference[] {
  return [...reference].flatMap(([key, expected]) => {
    const value = found.get(key);
    if (JSON.stringify(value) === JSON.stringify(expected)) return [];
    const [aspect, ...probe] = key.split(': ');
    return [{ aspect: aspect as Aspect, probe: probe.join(': '), expected, found: value }];
  });
}
