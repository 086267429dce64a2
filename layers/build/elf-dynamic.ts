import { elfSegments } from './elf.ts';

const DYNAMIC_SEGMENT = 2;
const INTERPRETER_SEGMENT = 3;
const NEEDED_TAG = 1;
const STRING_TABLE_TAG = 5;
const VERSION_NEEDS_TAG = 0x6ffffffe;

/** What an ELF file asks of the system that loads it. */
export interface ElfNeeds {
  /** Path of the program that loads it, such as `/lib64/ld-linux-x86-64.so.2`; a static program has none. */
  readonly loader: string | undefined;
  /** Names of shared libraries, such as `libz.so.1`. */
  readonly libraries: readonly string[];
  /** Versions of symbols that they must have, such as `GLIBC_2.28`. */
  readonly versions: readonly string[];
}

/**
 * Reads what an ELF file needs from its program headers, which stripping leaves alone.
 *
 * @param file the file's bytes
 * @param name what to call it in an error
 * @throws {ToolError} `CANNOT` as {@link elfSegments} does
 */
export function elfNeeds(file: Buffer, name: string): ElfNeeds {
  const segments = elfSegments(file, name);
  const interpreter = segments.find(({ type }) => type === INTERPRETER_SEGMENT);
  const loader = interpreter && textAt(file, interpreter.offset);
  const dynamic = segments.find(({ type }) => type === DYNAMIC_SEGMENT);
  if (dynamic === undefined) return { loader, libraries: [], versions: [] };

  const tags: [tag: number, value: number][] = [];
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.bytes; at += 16) {
    tags.push([Number(file.readBigUInt64LE(at)), Number(file.readBigUInt64LE(at + 8))]);
  }
  const offsetOf = (wanted: number): number | undefined => {
    const address = tags.find(([tag]) => tag === wanted)?.[1];
    if (address === undefined) return undefined;
    const home = segments.find(
      (segment) => address - segment.address < segment.bytes && address >= segment.address,
    );
    return home && address - home.address + home.offset;
  };
  const strings = offsetOf(STRING_TABLE_TAG);
  if (strings === undefined) return { loader, libraries: [], versions: [] };
  const needs = offsetOf(VERSION_NEEDS_TAG);
  return {
    loader,
    libraries: tags.filter(([tag]) => tag === NEEDED_TAG).map(([, at]) => textAt(file, strings + at)),
    versions: needs === undefined ? [] : [...versionNames(file, needs, strings)],
  };
}

/** A list of libraries, each with a list of versions; every record holds the distance to the next, 0 at the end. */
function* versionNames(file: Buffer, needs: number, strings: number): Generator<string> {
  for (let library = needs, more = true; more; ) {
    for (let version = library + file.readUInt32LE(library + 8), again = true; again; ) {
      yield textAt(file, strings + file.readUInt32LE(version + 8));
      again = file.readUInt32LE(version + 12) !== 0;
      version += file.readUInt32LE(version + 12);
    }
    more = file.readUInt32LE(library + 12) !== 0;
    library += file.readUInt32LE(library + 12);
  }
}

function textAt(file: Buffer, start: number): string {
  return file.toString('latin1', start, file.indexOf(0, start));
}
