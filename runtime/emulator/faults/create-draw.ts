/**
 * Makes a generator of random numbers (mulberry32: 32 bits of state, good enough to choose cases).
 *
 * @param seed the same seed gives the same numbers
 * @returns draws one, from 0 up to and without 1
 */
export function createDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
