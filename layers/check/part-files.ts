import { lstat, open, readdir, readFile, readlink } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';

/** Where the runtime layer says what it is. */
export const RUNTIME_MANIFEST = 'pilotlight/runtime.json';

/** One file or link of an unpacked part. */
export interface PartFile {
  /** Path in the part. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: number;
  /** What a symbolic link points to. */
  readonly linkTarget: string | undefined;
  read(): Promise<Buffer>;
  /** The first bytes, fewer where there are no more. */
  head(bytes: number): Promise<Buffer>;
}

/** What a part is for; `layer` is any that is none of ours. */
export type PartKind = 'interpreter' | 'runtime' | 'layer' | 'function';

/** A part that was unpacked to be looked at. */
export interface CheckedPart {
  readonly name: string;
  readonly kind: PartKind;
  /** Path of the zip; a folder is looked at as if it were unpacked already. */
  readonly zip: string | undefined;
  /** Where it lies unpacked. */
  readonly folder: string;
  /** Size of the zip. */
  readonly zipBytes: number | undefined;
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, PartFile>;
}

/**
 * Lists the files and links below a folder.
 *
 * @param folder where a part was unpacked
 * @returns by path in the part, sorted
 */
export async function listFiles(folder: string): Promise<ReadonlyMap<string, PartFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry): Promise<PartFile> => {
      const file = join(entry.parentPath, entry.name);
      const { mode, size } = await lstat(file);
      return {
        path: relative(folder, file),
        mode: mode & 0o777,
        bytes: size,
        linkTarget: entry.isSymbolicLink() ? await readlink(file) : undefined,
        read: () => readFile(file),
        head: (bytes) => readHead(file, bytes),
      };
    });
  const listed = (await Promise.all(files)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return new Map(listed.map((file) => [file.path, file]));
}

async function readHead(path: string, bytes: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Tells a part's kind from what is in it.
 *
 * @param files what it holds
 */
export function kindOfPart(files: ReadonlyMap<string, PartFile>): PartKind {
  const paths = [...files.keys()];
  if (files.has(RUNTIME_MANIFEST)) return 'runtime';
  if (paths.some((path) => /^interpreters\/[^/]+\.json$/.test(path))) return 'interpreter';
  if (paths.some((path) => /^function\.bundle(?:\.\w+)?$/.test(path))) return 'function';
  return paths.some((path) => /^(?:bin|lib|extensions|nodejs|python)\//.test(path)) ? 'layer' : 'function';
}

/**
 * Finds a function's bundle, where interpreters are told apart by its ending.
 *
 * @param part of the function
 * @returns its path in the part, and its ending without the dot
 */
export function bundleOf({ files }: CheckedPart): { path: string; ending: string } | undefined {
  const path = [...files.keys()].find((name) => /^function\.bundle\.\w+$/.test(name));
  return path === undefined ? undefined : { path, ending: extname(path).slice(1) };
}
