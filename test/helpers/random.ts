import { createDraw } from '../../runtime/emulator/faults/create-draw.ts';

/** Random numbers that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/**
 * Makes a generator of random numbers.
 *
 * @param seed the same seed gives the same numbers
 */
export function createRandom(seed: number): Random {
  const next = createDraw(seed);
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    chance: (probability) => next() < probability,
  };
}
