/**
 * The order of a round. Who comes first, and who follows whom, must not always be the same: machines warm up and slow
 * down.
 *
 * @param items what takes turns
 * @param round counted from 0; each round begins one later
 */
export function rotate<T>(items: readonly T[], round: number): readonly T[] {
  if (items.length === 0) return items;
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
