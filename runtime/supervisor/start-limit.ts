import { setTimeout as delay } from 'node:timers/promises';

/** What waits for something that never comes takes longer than any load that is only slow today. */
const TIMES = 10;
const LEAST_S = 10;

/**
 * How long a worker may take to be ready, where an earlier one was. No limit of Lambda's ends such a start on Managed
 * Instances, nor between two invocations.
 *
 * @param firstMs what the earlier one took
 * @returns seconds
 */
export function startLimit(firstMs: number): number {
  return Math.max(LEAST_S, Math.ceil((TIMES * firstMs) / 1_000));
}

/**
 * Lets seconds pass in which this process ran: while an environment is frozen, the clock goes on.
 *
 * @param count how many
 * @param signal ends the wait, by an error
 */
export async function runSeconds(count: number, signal: AbortSignal): Promise<void> {
  for (let second = 0; second < count; second++) await delay(1_000, undefined, { signal });
}
