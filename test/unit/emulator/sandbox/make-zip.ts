import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export interface ZipItem {
  readonly content?: string;
  /** With the type of file, for example 0o120777 for a link. */
  readonly mode?: number;
  readonly compress?: boolean;
}

/**
 * Writes a zip.
 *
 * @param path where to
 * @param items by name; a name that ends in "/" is a folder
 * @param damage changes the zip's bytes to what no zip writer would make
 * @returns the path
 */
export async function makeZip(
  path: string,
  items: Readonly<Record<string, ZipItem>>,
  damage: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<string> {
  const zip = new ZipFile();
  for (const [name, { content = '', mode = 0o100644, compress = true }] of Object.entries(items)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name.slice(0, -1), { mode });
    else zip.addBuffer(Buffer.from(content), name, { mode, compress });
  }
  zip.end();
  await writeFile(path, damage(await buffer(zip.outputStream)));
  return path;
}

/** Replaces text in a zip's bytes by other text of the same length, names of entries for example. */
export function patch(from: string, to: string): (bytes: Buffer) => Buffer {
  return (bytes) => Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}
