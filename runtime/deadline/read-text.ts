import { readFileSync, statSync } from 'node:fs';

/**
 * Reads a file that a worker names. What it names may be anything: a pipe would hold the bootstrap up for ever.
 *
 * @param path its path
 * @returns the text; empty when it is no plain file, or cannot be read
 */
export function readText(path: string): string {
  return isPlainFile(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * Whether a path is that of a file with contents of its own.
 *
 * @param path the path
 */
export function isPlainFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
