import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config.ts';
import { type PartList, readPartList } from './part-lists.ts';
import { tampered } from './verify-parts.ts';

/** Binaries are larger than the memory of a small function. */
const CHUNK_BYTES = 1 << 20;
/** Of a symbolic link, whose target is its content. */
const LINK_MODE = 0o120777;

/**
 * Compares every file of every part with the lists that the parts were built with, by SHA-256, and the lists with the
 * digests in them.
 *
 * @param settings where the parts lie
 * @throws {PilotlightError} `PART_TAMPERED` for the first that differs
 */
export function verifyFully({ layersRoot, taskRoot }: Settings): void {
  for (const root of [layersRoot, taskRoot]) {
    for (const path of listsOf(root)) {
      const list = readPartList(root, path);
      if (list !== undefined) verifyPart(list, join(root, path));
    }
  }
}

function listsOf(root: string): string[] {
  let interpreters: string[] = [];
  try {
    interpreters = readdirSync(join(root, 'interpreters'));
  } catch {
    // Functions have none.
  }
  const lists = interpreters.filter((name) => name.endsWith('.files')).map((name) => `interpreters/${name}`);
  return [...lists, 'pilotlight/runtime.files', 'function.files'];
}

function verifyPart({ root, contentsSha256, files }: PartList, listPath: string): void {
  const lines = files.map((file) => JSON.stringify(file)).join('\n');
  const ofList = createHash('sha256').update(lines).digest('hex');
  if (ofList !== contentsSha256) throw tampered(listPath, `SHA-256 ${ofList}`, contentsSha256);
  for (const [path, mode, bytes, , sha256] of files) {
    // Built empty, it is there to be filled where that can be done: not on Lambda.
    if (bytes === 0) continue;
    const file = join(root, path);
    const found = digestOf(file, mode === LINK_MODE);
    if (found !== sha256) throw tampered(file, `SHA-256 ${found}`, sha256);
  }
}

function digestOf(path: string, isLink: boolean): string {
  const hash = createHash('sha256');
  let descriptor: number;
  try {
    if (isLink) return hash.update(readlinkSync(path)).digest('hex');
    descriptor = openSync(path, 'r');
  } catch (error) {
    return `of nothing, ${(error as Error).message}`;
  }
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let bytes = readSync(descriptor, chunk); bytes > 0; bytes = readSync(descriptor, chunk)) {
    hash.update(chunk.subarray(0, bytes));
  }
  closeSync(descriptor);
  return hash.digest('hex');
}
