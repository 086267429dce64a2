import type { Random } from '../../helpers/random.ts';

/**
 * Random numbers of the standard normal distribution (Box and Muller).
 *
 * @param random where they come from; its seed repeats them
 */
export function createNormal(random: Random): () => number {
  const uniform = () => (random.below(2 ** 32) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
