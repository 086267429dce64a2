import { z } from 'zod';
import type { Finding } from './finding.ts';
import type { Image } from './image.ts';
import type { CheckedPart, PartFile } from './part-files.ts';

/** The parts of one function, as Lambda would put them together. */
export interface PartSet {
  /** What to call it where no single part is meant. */
  readonly name: string;
  /** In the order in which they are laid over `/opt`. */
  readonly layers: readonly CheckedPart[];
  readonly fn: CheckedPart | undefined;
  /** Interpreters that are in it, as far as their manifests can be read. */
  readonly manifests: readonly PlacedManifest[];
  readonly image: Image;
}

/** Looks for one kind of fault. */
export type Rule = (set: PartSet) => AsyncIterable<Finding>;

const MANIFEST = z.object({
  name: z.string(),
  version: z.string(),
  /** Those that people write by hand say less than those that are built. */
  arch: z.string().optional(),
  binary: z.string(),
  sha256: z.string().optional(),
  bootstrap: z.array(z.string()).default([]),
  host: z.string(),
  bundles: z.array(z.string()),
});

/** What of an interpreter's manifest can be checked. */
export type Manifest = z.infer<typeof MANIFEST>;

/** A manifest and where it lies. */
export interface PlacedManifest extends Manifest {
  readonly part: CheckedPart;
  readonly file: string;
}

/** A file and where it would lie on Lambda. */
export interface PlacedFile {
  readonly part: CheckedPart;
  readonly file: PartFile;
  /** Absolute path there. */
  readonly path: string;
}

/** All files of a set; a path can come more than once, the last one wins. */
export function placedFiles({ layers, fn }: PartSet): PlacedFile[] {
  const parts = [
    ...layers.map((part) => ({ part, root: '/opt' })),
    ...(fn ? [{ part: fn, root: '/var/task' }] : []),
  ];
  return parts.flatMap(({ part, root }) =>
    [...part.files.values()].map((file) => ({ part, file, path: `${root}/${file.path}` })),
  );
}

/**
 * Reads a manifest.
 *
 * @param text its JSON
 * @throws {Error} when it is none, with the reason
 */
export function parseManifest(text: string): Manifest {
  return MANIFEST.parse(JSON.parse(text));
}

/** The path of an interpreter's manifest in a part, if that is one. */
export function isManifest(path: string): boolean {
  return /^interpreters\/[^/]+\.json$/.test(path);
}
