import { type Stats, statSync } from 'node:fs';

/** Deno's `fstat` knows only what it opened itself. */
export function statDescriptor(descriptor: number): Stats {
  return statSync(`/proc/self/fd/${descriptor}`);
}
