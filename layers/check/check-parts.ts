import { checkSet } from './check-set.ts';
import { findSets } from './find-sets.ts';
import type { Finding } from './finding.ts';
import type { Image } from './image.ts';
import { loadPart } from './load-part.ts';
import type { PartSet } from './part-set.ts';

/** What was looked at, and what was found. */
export interface Checked {
  readonly sets: readonly PartSet[];
  /** Errors first, each once. */
  readonly findings: readonly Finding[];
  /** Those of the sets without an error. */
  readonly sound: readonly PartSet[];
}

/**
 * Checks parts for what Lambda would refuse.
 *
 * @param paths zips and folders, as {@link findSets} takes them
 * @param image of the runtime that they are for
 * @param options `folder` where zips are unpacked, a `signal` that stops it, `note` for progress
 * @throws {ToolError} `USAGE` when there is nothing at a path
 */
export async function checkParts(
  paths: readonly string[],
  image: Image,
  { folder, signal, note }: { folder: string; signal: AbortSignal; note: (line: string) => void },
): Promise<Checked> {
  const load = (path: string) => {
    note(`looking at ${path}`);
    return loadPart(path, folder, signal);
  };
  const { sets, unreadable } = await findSets(paths, load, image);
  // What is wrong with a layer is wrong in every set that it is in.
  const findings = new Map(unreadable.map((finding) => [JSON.stringify(finding), finding]));
  const sound: PartSet[] = [];
  for (const set of sets) {
    let isSound = true;
    for await (const finding of checkSet(set, signal)) {
      findings.set(JSON.stringify(finding), finding);
      isSound &&= finding.severity !== 'error';
    }
    if (isSound) sound.push(set);
  }
  return { sets, findings: errorsFirst([...findings.values()]), sound };
}

/** The order in which findings are told. */
export function errorsFirst(findings: readonly Finding[]): readonly Finding[] {
  const bySeverity = Map.groupBy(findings, ({ severity }) => severity);
  return [...(bySeverity.get('error') ?? []), ...(bySeverity.get('warning') ?? [])];
}
