import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PilotlightError } from '../errors.ts';
import type { ListedFile, PartLists } from './part-lists.ts';

/** What a function is loaded from. */
const BUNDLE = /^function\.bundle(?:\.(?!.*map$)\w+)?$/;
/** What an interpreter writes to where it can: not on Lambda. */
const CACHE = /^interpreters\/[^/]+\.cache\//;

/**
 * Compares the files of an environment with the lists that its parts were built with: those that run in each init by
 * their content, the interpreter by its size. Looking at all of them, however briefly, would take longer than this.
 *
 * @param lists of the parts
 * @param running absolute paths of those that run in each init besides the bundle
 * @throws {PilotlightError} `PART_TAMPERED` for the first that differs
 */
export function verifyParts(lists: PartLists, running: readonly string[]): void {
  for (const [part, { root, files }] of Object.entries(lists)) {
    for (const file of files) {
      const path = join(root, file[0]);
      if (running.includes(path) || (part === 'function' && BUNDLE.test(file[0]))) compareContent(path, file);
      else if (part === 'interpreter' && !CACHE.test(file[0])) compareSize(path, file);
    }
  }
}

function compareSize(path: string, [, , bytes]: ListedFile): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found !== bytes)
    throw tampered(path, found === undefined ? 'it is not there' : `it has ${found} bytes`, `${bytes} bytes`);
}

function compareContent(path: string, [, , bytes, crc32]: ListedFile): void {
  // The lightest of Node's digests: what computes SHA-256 takes 4 ms of a cold start to load, this 1 ms.
  const zlib = process.getBuiltinModule('node:zlib');
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw tampered(path, (error as Error).message, `${bytes} bytes`);
  }
  const found = zlib.crc32(content);
  if (content.length === bytes && found === crc32) return;
  throw tampered(path, `${content.length} bytes with CRC-32 ${hex(found)}`, `${bytes} with ${hex(crc32)}`);
}

/**
 * The init error for a file that is not what it was built as.
 *
 * @param path the file
 * @param found what it is
 * @param expected what its part's list says
 */
export function tampered(path: string, found: string, expected: string): PilotlightError {
  return new PilotlightError(
    'PART_TAMPERED',
    `Cannot run with "${path}": it is not the file that its part was built with: found ${found}, expected ${expected}; publish the part anew, or set PILOTLIGHT_VERIFY=off`,
  );
}

function hex(crc32: number): string {
  return crc32.toString(16).padStart(8, '0');
}
