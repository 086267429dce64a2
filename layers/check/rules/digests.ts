import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import type { CheckedPart } from '../part-files.ts';
import type { PartSet } from '../part-set.ts';
import { readRuntimeManifest } from '../runtime-manifest.ts';

/** Files that are not those that the parts say they were built with. */
export async function* checkDigests({ layers, manifests }: PartSet): AsyncGenerator<Finding> {
  for (const part of layers) {
    const manifest = await readRuntimeManifest(part);
    // A rule of its own tells of one that is unreadable.
    if (manifest === undefined || 'unreadable' in manifest) continue;
    for (const [path, sha256] of Object.entries(manifest.files)) yield* compare(part, path, sha256);
  }
  for (const { part, binary, sha256 } of manifests) {
    if (sha256 !== undefined) yield* compare(part, binary, sha256);
  }
}

async function* compare(part: CheckedPart, path: string, sha256: string): AsyncGenerator<Finding> {
  const file = part.files.get(path);
  const found =
    file &&
    createHash('sha256')
      .update(await file.read())
      .digest('hex');
  if (found === sha256) return;
  yield {
    part: part.name,
    file: path,
    code: 'tampered',
    severity: 'error',
    what: found === undefined ? 'is listed and not there' : 'is not the file that the part was built with',
    onLambda: 'whatever the other file does; nothing tells it from the one that was built',
    next: 'build the part again: pilotlight layers',
  };
}
