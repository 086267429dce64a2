import { elfSegments } from './elf.ts';

const DYNAMIC_SEGMENT = 2;
const STRING_TABLE_TAG = 5;
const VERSION_NEEDS_TAG = 0x6ffffffe;

/**
 * The glibc that an ELF file needs at least, from the versions of the symbols it imports.
 *
 * @param file the file's bytes
 * @param name what to call it in an error
 * @returns the newest version it names, for example `2.28`, or `undefined` when it needs no glibc
 * @throws {ToolError} `CANNOT` when it is no ELF file that {@link elfSegments} reads
 */
export function neededGlibc(file: Buffer, name: string): string | undefined {
  const segments = elfSegments(file, name);
  const dynamic = segments.find(({ type }) => type === DYNAMIC_SEGMENT);
  if (dynamic === undefined) return undefined;
  const tags = new Map<number, number>();
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.bytes; at += 16) {
    tags.set(Number(file.readBigUInt64LE(at)), Number(file.readBigUInt64LE(at + 8)));
  }
  const offsetOf = (tag: number): number | undefined => {
    const address = tags.get(tag);
    if (address === undefined) return undefined;
    const home = segments.find(
      (segment) => address - segment.address < segment.bytes && address >= segment.address,
    );
    return home && address - home.address + home.offset;
  };
  const strings = offsetOf(STRING_TABLE_TAG);
  const needs = offsetOf(VERSION_NEEDS_TAG);
  if (strings === undefined || needs === undefined) return undefined;

  return [...versionNames(file, needs, strings)]
    .flatMap((version) => /^GLIBC_(\d+(?:\.\d+)+)$/.exec(version)?.[1] ?? [])
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

/** A list of libraries, each with a list of versions; every record holds the distance to the next, 0 at the end. */
function* versionNames(file: Buffer, needs: number, strings: number): Generator<string> {
  for (let library = needs, more = true; more; ) {
    for (let version = library + file.readUInt32LE(library + 8), again = true; again; ) {
      const start = strings + file.readUInt32LE(version + 8);
      yield file.toString('latin1', start, file.indexOf(0, start));
      again = file.readUInt32LE(version + 12) !== 0;
      version += file.readUInt32LE(version + 12);
    }
    more = file.readUInt32LE(library + 12) !== 0;
    library += file.readUInt32LE(library + 12);
  }
}
