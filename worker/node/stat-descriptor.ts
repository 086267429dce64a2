import { fstatSync, type Stats } from 'node:fs';

/**
 * Finds out what a descriptor that came with the start of the process is.
 * @param descriptor - its number
 * @returns what the system says of it
 * @throws the system's error when there is none
 */
export function statDescriptor(descriptor: number): Stats {
  return fstatSync(descriptor);
}
