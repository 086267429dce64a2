import { median } from '../statistics/median.ts';
import type { Series } from './series.ts';

/** Whoever takes this many times as long as most would press the others into a corner of the plot. */
const FAR = 8;

/**
 * Tells the candidates that share an axis from those too slow for it.
 *
 * @param series candidates with latencies
 * @returns the first, in their order
 */
export function nearSeries(series: readonly Series[]): Series[] {
  const medians = series.map(({ latency }) => latency?.percentile(50) ?? 0);
  const limit = FAR * (median(medians) ?? 0);
  return series.filter((_, at) => (medians[at] ?? 0) <= limit);
}
