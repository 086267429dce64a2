/**
 * Picks the value below which a part of all lies.
 *
 * @param sorted values in order
 * @param part from 0 to 1
 * @returns `undefined` when there is no value
 */
export function quantile(sorted: readonly number[], part: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
