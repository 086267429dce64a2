import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

/** An entry as a reader finds it in a zip. */
export interface ReadEntry {
  readonly path: string;
  /** Unix mode with the kind of file, for example `100644`. */
  readonly mode: string;
  readonly content: Buffer;
  readonly time: Date;
}

/**
 * Reads all entries of a zip, in the order of its directory.
 *
 * @param path the zip
 */
export async function readZip(path: string): Promise<ReadEntry[]> {
  const zip = await openPromise(path, { lazyEntries: true });
  const entries: ReadEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({
      path: entry.fileName,
      mode: (entry.externalFileAttributes >>> 16).toString(8),
      content: await buffer(await zip.openReadStreamPromise(entry)),
      time: entry.getLastModDate(),
    });
  }
  return entries;
}

/**
 * One file of a zip as text.
 *
 * @param entries what {@link readZip} found
 * @param path the file's path in the zip
 */
export function textOf(entries: readonly ReadEntry[], path: string): string {
  const entry = entries.find((candidate) => candidate.path === path);
  if (entry === undefined) throw new Error(`no "${path}" in the zip`);
  return entry.content.toString();
}
