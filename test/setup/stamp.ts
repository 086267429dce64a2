import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Digest of all that decides what an installation contains.
 *
 * @param inputs contents of files, versions
 * @returns the digest in hexadecimal
 */
export function digestOf(inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * Tells whether an installation is complete and was made from the same inputs.
 *
 * @param file the stamp, written as the last step of an installation
 * @param digest digest of the inputs as they are now
 */
export function isStamped(file: string, digest: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === digest;
}

/**
 * Marks an installation as complete.
 *
 * @param file the stamp
 * @param digest digest of its inputs
 */
export function stamp(file: string, digest: string): void {
  writeFileSync(file, digest);
}
