import type { Bucket } from '../histogram.ts';

const POINTS = 220;
/** In points: less would show the buckets instead of the times. */
const LEAST_BANDWIDTH = 1.2;

/**
 * Estimates how dense times lie along a logarithmic axis, by Gaussian kernels of Silverman's width.
 *
 * @param buckets of a histogram
 * @param domain first and last nanosecond of the axis, above 0; what lies beyond is not seen
 * @returns nanoseconds and density, the highest 1
 */
export function estimateDensity(
  buckets: readonly Bucket[],
  [low, high]: readonly [number, number],
): (readonly [number, number])[] {
  const step = Math.log(high / low) / (POINTS - 1) || 1;
  const logs = buckets.map(({ ns, count }) => [Math.log(Math.max(ns, 1) / low) / step, count] as const);
  const bandwidth = Math.max(silverman(logs), LEAST_BANDWIDTH);
  const binned = new Float64Array(POINTS);
  for (const [place, count] of logs) {
    const bin = Math.round(place);
    if (bin >= 0 && bin < POINTS) binned[bin] = (binned[bin] ?? 0) + count;
  }
  const density = Array.from(binned, (_, at) =>
    binned.reduce((sum, count, bin) => {
      const distance = (bin - at) / bandwidth;
      return Math.abs(distance) > 4 ? sum : sum + count * Math.exp(-(distance ** 2) / 2);
    }, 0),
  );
  const highest = Math.max(...density, Number.MIN_VALUE);
  return density.map((value, at) => [low * Math.exp(at * step), value / highest] as const);
}

/** By the distance between quartiles: the rare late ones must not smear what is common. */
function silverman(places: readonly (readonly [number, number])[]): number {
  const total = places.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (share: number) => {
    let seen = 0;
    for (const [place, count] of places) {
      seen += count;
      if (seen >= share * total) return place;
    }
    return 0;
  };
  return ((0.9 * (quantile(0.75) - quantile(0.25))) / 1.34) * Math.max(total, 1) ** -0.2;
}
