import type { Comparison } from '../statistics/compare.ts';
import type { Spread } from '../statistics/summary.ts';

/** A unit for a whole table: figures of different units cannot be compared by eye. */
export interface Unit {
  readonly name: string;
  /** How many of what was measured make one. */
  readonly size: number;
}

const MICROSECONDS: Unit = { name: 'µs', size: 1_000 };
const MILLISECONDS: Unit = { name: 'ms', size: 1_000_000 };

/**
 * The unit that suits times.
 *
 * @param timesNs the fastest decides; milliseconds for none
 */
export function unitOf(timesNs: readonly number[]): Unit {
  return Math.min(...timesNs) < MILLISECONDS.size ? MICROSECONDS : MILLISECONDS;
}

/**
 * A figure in three digits, more only before the point: `0.07`, `8.21`, `88.4`, `1,290`.
 *
 * @param value nothing becomes empty
 * @param size what makes one of the unit that is printed
 */
export function figure(value: number | undefined, size = 1): string {
  if (value === undefined) return '';
  const scaled = value / size;
  const digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return scaled.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The range over the rounds; empty when there was one. */
export function range(spread: Spread | undefined, size = 1): string {
  if (spread === undefined || spread.low === spread.high) return '';
  return `${figure(spread.low, size)}-${figure(spread.high, size)}`;
}

/** A ratio with its interval and verdict, as far as they are known: `0.68 (0.62-0.74) faster`. */
export function ratioText(comparison: Omit<Comparison, 'rounds'> | undefined): string {
  if (comparison?.ratio === undefined) return '';
  const { ratio, interval, verdict } = comparison;
  const within = interval === undefined ? '' : ` (${figure(interval.low)}-${figure(interval.high)})`;
  return `${figure(ratio)}${within} ${verdict}`;
}
