import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartDigests } from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';

/** A file of a part: path in it, mode with the kind of file, bytes, CRC-32, SHA-256. */
export type ListedFile = readonly [path: string, mode: number, bytes: number, crc32: number, sha256: string];

/** What a part holds, as it was built. */
export interface PartList {
  /** Where the part lies. */
  readonly root: string;
  /** Of all that it holds: how the part is called in `parts.json`. */
  readonly contentsSha256: string;
  readonly files: readonly ListedFile[];
}

/** The lists of an environment's parts; parts that others have packed have none. */
export type PartLists = { readonly [part in keyof PartDigests]: PartList };

/**
 * Reads the lists of the parts that a worker is made of.
 *
 * @param roots where the parts lie, and the name of the interpreter, as far as there is one
 * @throws {PilotlightError} `PART_TAMPERED` for a list that is none
 */
export function readPartLists(roots: {
  layersRoot: string;
  taskRoot: string;
  interpreter: { name: string; home?: string };
}): PartLists {
  const { layersRoot, taskRoot, interpreter } = roots;
  const { name, home } = interpreter;
  const lists = {
    interpreter: home === undefined ? undefined : readPartList(home, `interpreters/${name}.files`),
    runtime: readPartList(layersRoot, 'pilotlight/runtime.files'),
    function: readPartList(taskRoot, 'function.files'),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}

/**
 * Reads the list of a part.
 *
 * @param root where the part lies
 * @param path of the list in it
 * @returns nothing where there is none
 * @throws {PilotlightError} `PART_TAMPERED` for a list that is none
 */
export function readPartList(root: string, path: string): PartList | undefined {
  const file = join(root, path);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    const { contentsSha256, files } = JSON.parse(text);
    if (typeof contentsSha256 !== 'string' || !Array.isArray(files)) throw new TypeError('it lists no files');
    return { root, contentsSha256, files };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/**
 * The digests by which the parts are known elsewhere.
 *
 * @param lists their lists
 */
export function digestsOf(lists: PartLists): PartDigests {
  return Object.fromEntries(
    Object.entries(lists).map(([part, { contentsSha256 }]) => [part, contentsSha256]),
  );
}

function unreadable(file: string, cause: unknown): PilotlightError {
  const { message } = cause as Error;
  return new PilotlightError('PART_TAMPERED', `Cannot read "${file}": ${message}`, { cause });
}
