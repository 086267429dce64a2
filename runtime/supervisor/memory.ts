import { readFileSync } from 'node:fs';

/**
 * Reads the most memory that a process had at once.
 *
 * @param pid the process
 * @returns bytes; `undefined` when it has ended, also while it still waits for its parent
 */
export function readPeakMemory(pid: number | undefined): number | undefined {
  const kib = readNumber(`/proc/${pid}/status`, /^VmHWM:\s+(\d+) kB$/m);
  return kib === undefined ? undefined : kib * 1024;
}

/**
 * Reads the memory that a process holds. Not its share in what it has in common with others: the kernel would reckon
 * that page by page.
 *
 * @param pid the process
 * @returns bytes; `undefined` when it has ended
 */
export function readResidentMemory(pid: number | undefined): number | undefined {
  const kib = readNumber(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m);
  return kib === undefined ? undefined : kib * 1024;
}

/**
 * Reads a number from a file of the kernel's.
 *
 * @param path the file
 * @param pattern its first group holds the digits
 * @returns `undefined` when the file or the number is not there
 */
export function readNumber(path: string, pattern: RegExp): number | undefined {
  try {
    const [, digits] = pattern.exec(readFileSync(path, 'latin1')) ?? [];
    return digits === undefined ? undefined : Number(digits);
  } catch {
    return undefined;
  }
}
