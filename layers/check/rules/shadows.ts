import type { Finding } from '../finding.ts';
import type { CheckedPart, PartFile } from '../part-files.ts';
import type { PartSet } from '../part-set.ts';

/** Files that a later layer hides. */
export async function* checkShadows({ layers }: PartSet): AsyncGenerator<Finding> {
  const below = new Map<string, { part: CheckedPart; file: PartFile }>();
  for (const part of layers) {
    for (const file of part.files.values()) {
      const hidden = below.get(file.path);
      below.set(file.path, { part, file });
      if (hidden === undefined || (await isSame(hidden.file, file))) continue;
      yield {
        part: part.name,
        file: file.path,
        code: 'shadowed-file',
        severity: 'warning',
        what: `hides another file of this name in ${hidden.part.name}`,
        onLambda: 'the later layer wins; what the earlier one was to do is not done',
        next: 'change the order of the layers, or take one of the two files out',
      };
    }
  }
}

async function isSame(a: PartFile, b: PartFile): Promise<boolean> {
  if (a.bytes !== b.bytes || a.mode !== b.mode || a.linkTarget !== b.linkTarget) return false;
  return a.linkTarget !== undefined || (await a.read()).equals(await b.read());
}
