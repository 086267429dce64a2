import { digestOfContents } from '../build/part-list.ts';
import type { ZipEntry } from '../build/zip.ts';
import type { CheckedPart } from '../check/part-files.ts';
import { type PartSet, placedFiles } from '../check/part-set.ts';

/** A part of a set, known by the digest of what it holds. */
export interface ExplainedPart {
  readonly name: string;
  readonly kind: CheckedPart['kind'];
  readonly files: number;
  readonly bytes: number;
  /** Of what it holds, however it was packed; the same as in `parts.json`. */
  readonly contentsSha256: string;
}

/** Where a file of an environment comes from. */
export interface ExplainedFile {
  /** Absolute path on Lambda. */
  readonly path: string;
  readonly part: string;
  readonly bytes: number;
  /** Parts whose file of this name cannot be seen, the one just below first. */
  readonly hides: readonly string[];
}

/** What an environment would be made of. */
export interface Explained {
  readonly name: string;
  readonly parts: readonly ExplainedPart[];
  /** Sorted by path. */
  readonly files: readonly ExplainedFile[];
}

/**
 * Says which file of an environment comes from which part.
 *
 * @param set the parts of one function
 */
export async function explainSet(set: PartSet): Promise<Explained> {
  const parts = set.fn === undefined ? set.layers : [...set.layers, set.fn];
  const byPath = Map.groupBy(placedFiles(set), ({ path }) => path);
  const files = [...byPath].flatMap(([path, placed]): ExplainedFile[] => {
    const [top, ...below] = placed.toReversed();
    if (top === undefined) return [];
    return [{ path, part: top.part.name, bytes: top.file.bytes, hides: below.map(({ part }) => part.name) }];
  });
  return {
    name: set.name,
    parts: await Promise.all(parts.map(explainPart)),
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

async function explainPart({ name, kind, files }: CheckedPart): Promise<ExplainedPart> {
  const entries = [...files.values()].map(async (file): Promise<ZipEntry> => {
    const { path, linkTarget } = file;
    if (linkTarget !== undefined) return { path, linkTarget };
    return { path, content: await file.read(), executable: (file.mode & 0o111) !== 0 };
  });
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  const contentsSha256 = digestOfContents(await Promise.all(entries));
  return { name, kind, files: files.size, bytes, contentsSha256 };
}
