import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Finding } from './finding.ts';
import type { Image } from './image.ts';
import { bundleOf, type CheckedPart } from './part-files.ts';
import { isManifest, type PartSet, type PlacedManifest, parseManifest } from './part-set.ts';

/** What stands for a part on the command line. */
export type LoadPart = (path: string) => Promise<CheckedPart | Finding>;

/** The sets that were asked for, and what is wrong with parts that cannot even be unpacked. */
export interface FoundSets {
  readonly sets: readonly PartSet[];
  readonly unreadable: readonly Finding[];
}

/**
 * Puts parts together to sets. Several paths are one set, in the order given. A folder of zips, as `dist/` is, holds
 * many: each function with each interpreter that can host it.
 *
 * @param paths zips, and folders of zips or of what a zip would hold
 * @param load gets each part, once
 * @param image of the runtime that they are for
 * @throws {ToolError} `USAGE` when there is nothing at a path
 */
export async function findSets(paths: readonly string[], load: LoadPart, image: Image): Promise<FoundSets> {
  const parts: CheckedPart[] = [];
  const unreadable: Finding[] = [];
  const zipsIn = await Promise.all(paths.map(zipsOfFolder));
  for (const path of zipsIn.flatMap((zips, index) => zips ?? [paths[index] ?? ''])) {
    const part = await load(path);
    if ('code' in part) unreadable.push(part);
    else parts.push(part);
  }
  // What is missing in a set because it cannot be read would be told a second time.
  if (unreadable.length > 0) return { sets: [], unreadable };
  const manifests = new Map<CheckedPart, PlacedManifest[]>();
  for (const part of parts) manifests.set(part, await readManifests(part));
  const groups = zipsIn.some((zips) => zips !== undefined) ? groupParts(parts, manifests) : [asOneSet(parts)];
  const sets = groups.map(
    ({ layers, fn }): PartSet => ({
      name: fn?.name ?? layers.map(({ name }) => name).join(' + '),
      layers,
      fn,
      manifests: layers.flatMap((part) => manifests.get(part) ?? []),
      image,
    }),
  );
  return { sets, unreadable };
}

interface Group {
  readonly layers: readonly CheckedPart[];
  readonly fn: CheckedPart | undefined;
}

function asOneSet(parts: readonly CheckedPart[]): Group {
  const functions = parts.filter(({ kind }) => kind === 'function');
  const fn = functions.at(-1);
  return { layers: parts.filter((part) => part !== fn), fn };
}

function groupParts(
  parts: readonly CheckedPart[],
  manifests: ReadonlyMap<CheckedPart, PlacedManifest[]>,
): Group[] {
  const runtimes = parts.filter(({ kind }) => kind === 'runtime');
  const interpreters = parts.filter(({ kind }) => kind === 'interpreter');
  const functions = parts.filter(({ kind }) => kind === 'function');
  if (functions.length === 0)
    return interpreters.map((interpreter) => ({ layers: [interpreter, ...runtimes], fn: undefined }));
  return functions.flatMap((fn) => {
    const { ending } = bundleOf(fn) ?? { ending: 'js' };
    const able = interpreters.filter((part) =>
      manifests.get(part)?.some(({ bundles }) => bundles.includes(ending)),
    );
    return (able.length > 0 ? able : interpreters.slice(0, 1)).map((interpreter) => ({
      layers: [...bootstrapOf(interpreter, interpreters, manifests), interpreter, ...runtimes],
      fn,
    }));
  });
}

/** Node's layer, where an interpreter cannot run the bootstrap: as it is deployed. */
function bootstrapOf(
  interpreter: CheckedPart,
  interpreters: readonly CheckedPart[],
  manifests: ReadonlyMap<CheckedPart, PlacedManifest[]>,
): CheckedPart[] {
  const own = manifests.get(interpreter) ?? [];
  if (own.some(({ bootstrap }) => bootstrap.length > 0)) return [];
  const isNode = ({ name, arch }: PlacedManifest) => name === 'node' && arch === own[0]?.arch;
  return interpreters.filter((part) => manifests.get(part)?.some(isNode));
}

async function readManifests(part: CheckedPart): Promise<PlacedManifest[]> {
  const read: PlacedManifest[] = [];
  for (const [path, file] of part.files) {
    if (!isManifest(path)) continue;
    try {
      read.push({ ...parseManifest((await file.read()).toString('utf8')), part, file: path });
    } catch {
      // A rule of its own tells of it.
    }
  }
  return read;
}

/** The zips of a folder that is one of zips; undefined for what is a part itself. */
async function zipsOfFolder(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new ToolError('USAGE', `Cannot find "${path}", expected a zip or a folder`, {
      next: 'make layers function builds all three parts into dist',
    });
  }
  if (!found.isDirectory()) return undefined;
  const zips = (await readdir(path)).filter((name) => name.endsWith('.zip')).toSorted();
  return zips.length === 0 ? undefined : zips.map((name) => join(path, name));
}
