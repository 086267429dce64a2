import { readFileSync } from 'node:fs';

/** Bun does not tell what is active, the system knows of child processes. Of threads nothing is known. */
export function mayServeElsewhere(): boolean {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1') !== '';
  } catch {
    return false;
  }
}
