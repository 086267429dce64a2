import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isPartList } from '../../build/part-list.ts';
import type { Finding } from '../finding.ts';
import type { CheckedPart } from '../part-files.ts';
import type { PartSet } from '../part-set.ts';

const LIST = z.object({
  contentsSha256: z.string(),
  files: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.string()])),
});

/** Files that are not those that the parts say they were built with. */
export async function* checkDigests({ layers, fn, manifests }: PartSet): AsyncGenerator<Finding> {
  for (const part of fn === undefined ? layers : [...layers, fn]) {
    for (const [path, list] of part.files) {
      if (isPartList(path)) yield* compareList(part, path, (await list.read()).toString('utf8'));
    }
  }
  for (const { part, binary, sha256 } of manifests) {
    // Those that are built have a list that says it, too.
    if (sha256 !== undefined && ![...part.files.keys()].some(isPartList))
      yield* compare(part, binary, sha256);
  }
}

async function* compareList(part: CheckedPart, path: string, text: string): AsyncGenerator<Finding> {
  const list = LIST.safeParse(parseJson(text)).data;
  const lines = list?.files.map((file) => JSON.stringify(file)).join('\n');
  if (list === undefined || sha256Of(lines ?? '') !== list.contentsSha256) {
    yield tampered(part, path, 'is not the list of files that the part was built with');
    return;
  }
  for (const [file, , , , sha256] of list.files) yield* compare(part, file, sha256);
}

async function* compare(part: CheckedPart, path: string, sha256: string): AsyncGenerator<Finding> {
  const file = part.files.get(path);
  if (file !== undefined && sha256Of(file.linkTarget ?? (await file.read())) === sha256) return;
  yield tampered(
    part,
    path,
    file === undefined ? 'is listed and not there' : 'is not the file that the part was built with',
  );
}

function tampered({ name }: CheckedPart, file: string, what: string): Finding {
  return {
    part: name,
    file,
    code: 'tampered',
    severity: 'error',
    what,
    onLambda:
      'Runtime.PartTampered at init; of files that the init does not run, with PILOTLIGHT_VERIFY=full',
    next: 'build the part again: pilotlight layers, pilotlight build DIR',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
