import { readFileSync } from 'node:fs';

/**
 * Reads a process's program and arguments, as it was started or calls itself now.
 *
 * @param pid its id
 * @returns empty when it has ended, and for threads of the kernel
 */
export function readProcessArguments(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '');
    return text === '' ? [] : text.split('\0');
  } catch {
    return [];
  }
}
