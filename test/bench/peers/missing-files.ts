import { existsSync } from 'node:fs';

/**
 * Why a peer that needs programs of the system cannot take part.
 *
 * @param files by their paths
 * @returns undefined when all are there
 */
export function missingFiles(files: readonly string[]): string | undefined {
  const absent = files.filter((file) => !existsSync(file));
  return absent.length === 0
    ? undefined
    : `${absent.join(' and ')} not installed: run make bench-peers in a clone`;
}
