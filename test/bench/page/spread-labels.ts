/**
 * Moves labels apart that would lie upon each other, each as little as possible.
 *
 * @param wanted where each label should be
 * @param distance the least distance between two
 * @param bounds the first and last place there is; too many labels reach beyond the last
 * @returns the places, in the order given
 */
export function spreadLabels(
  wanted: readonly number[],
  distance: number,
  [first, last]: readonly [number, number],
): number[] {
  const places = [...wanted];
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  let end = first - distance;
  for (const at of order) {
    end = Math.max(places[at] ?? 0, end + distance);
    places[at] = end;
  }
  let start = Math.max(last, first + distance * (wanted.length - 1)) + distance;
  for (const at of order.reverse()) {
    start = Math.min(places[at] ?? 0, start - distance);
    places[at] = start;
  }
  return places;
}
