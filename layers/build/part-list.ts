import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { contentOf, type FileEntry, modeOf, sortedEntries, type ZipEntry } from './zip.ts';

const LIST = /^(?:function|pilotlight\/runtime|interpreters\/[^/]+)\.files$/;

/**
 * Says whether a file of a part is the list of its files.
 *
 * @param path in the part
 */
export function isPartList(path: string): boolean {
  return LIST.test(path);
}

/**
 * The digest of what a part holds: paths, modes, links and bytes, but not how they were compressed, nor the list of them.
 *
 * @param entries what the part holds, in any order
 * @returns SHA-256 in hexadecimal
 */
export function digestOfContents(entries: readonly ZipEntry[]): string {
  return digestOfLines(describe(entries));
}

/**
 * Makes the list of a part's files, by which a runtime knows the part, and each file that is not what it was. Its
 * `contentsSha256` is that of {@link digestOfContents}; of each file it has the path, mode, size, CRC-32 and SHA-256.
 * The CRC is what there is time for in a cold start: loading what computes SHA-256 takes Node longer than to read `/tmp`,
 * settings and manifests, and who can change a file on purpose can change its list.
 *
 * @param path of the list in the part
 * @param entries what the part holds besides
 * @returns the list, and the digest in it
 */
export function partList(
  path: string,
  entries: readonly ZipEntry[],
): { contentsSha256: string; entry: FileEntry } {
  const lines = describe(entries);
  const contentsSha256 = digestOfLines(lines);
  const text = `{"contentsSha256":"${contentsSha256}","files":[\n${lines.join(',\n')}\n]}\n`;
  return { contentsSha256, entry: { path, content: Buffer.from(text), executable: false } };
}

function describe(entries: readonly ZipEntry[]): string[] {
  return sortedEntries(entries)
    .filter(({ path }) => !isPartList(path))
    .map((entry) => {
      const content = contentOf(entry);
      const sha256 = createHash('sha256').update(content).digest('hex');
      return JSON.stringify([entry.path, modeOf(entry), content.length, crc32(content), sha256]);
    });
}

function digestOfLines(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
