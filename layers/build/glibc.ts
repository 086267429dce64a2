import { elfNeeds } from './elf-dynamic.ts';

/**
 * The glibc that an ELF file needs at least, from the versions of the symbols it imports.
 *
 * @param file the file's bytes
 * @param name what to call it in an error
 * @returns the newest version it names, for example `2.28`, or `undefined` when it needs no glibc
 * @throws {ToolError} `CANNOT` when it is no ELF file that {@link elfNeeds} reads
 */
export function neededGlibc(file: Buffer, name: string): string | undefined {
  return newestVersion('GLIBC', elfNeeds(file, name).versions);
}

/**
 * The newest of the versions of one library's symbols.
 *
 * @param family what stands before the number, such as `GLIBC` or `GLIBCXX`
 * @param versions such as `GLIBC_2.28`; private ones have no number and do not count
 */
export function newestVersion(family: string, versions: readonly string[]): string | undefined {
  const pattern = new RegExp(`^${family}_(\\d+(?:\\.\\d+)+)$`);
  return versions
    .flatMap((version) => pattern.exec(version)?.[1] ?? [])
    .toSorted(compareVersions)
    .at(-1);
}

/** Compares versions such as `2.9` and `2.28` by their numbers, for sorting. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
