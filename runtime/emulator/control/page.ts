import { invalidParameter } from './refusals.ts';

/** Nobody gets more at a time, whatever they ask for. */
const MAX_ITEMS = 50;

/**
 * Cuts a page out of a list.
 *
 * @param query with `Marker`, which an earlier page gave, and `MaxItems`
 * @returns the page, and the marker of the next one if there is one
 * @throws {ServiceError} `InvalidParameterValueException` for a marker that nobody gave
 */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
): { items: readonly T[]; NextMarker: string | undefined } {
  const start = Number(query.get('Marker') ?? 0);
  const count = Number(query.get('MaxItems') ?? MAX_ITEMS);
  if (!Number.isInteger(start) || start < 0 || !Number.isInteger(count) || count < 1) {
    throw invalidParameter('Invalid Marker or MaxItems');
  }
  const end = start + Math.min(count, MAX_ITEMS);
  return { items: items.slice(start, end), NextMarker: end < items.length ? String(end) : undefined };
}
