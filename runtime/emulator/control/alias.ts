/** A name for a version, or for two with a share of the invocations each. */
export interface Alias {
  readonly name: string;
  /** The version that gets what the others do not. */
  readonly version: string;
  readonly description: string;
  /** Shares from 0 to 1 of other versions. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/**
 * Chooses the version that serves an invocation.
 *
 * @param draw from 0 up to 1
 */
export function chooseVersion({ version, weights }: Alias, draw: number): string {
  let rest = draw;
  for (const [other, weight] of Object.entries(weights)) {
    if (rest < weight) return other;
    rest -= weight;
  }
  return version;
}
