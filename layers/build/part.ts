import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { partList } from './part-list.ts';
import { type Part, readParts, recordPart } from './parts-file.ts';
import { writeZip, type ZipEntry } from './zip.ts';

// Counts up when the same inputs are to give another zip, so that older ones are built anew.
const RECIPE = 2;

/** A part and whether this build wrote its zip or found it as it should be. */
export interface MadePart extends Part {
  readonly name: string;
  /** Path of the zip. */
  readonly path: string;
  readonly rebuilt: boolean;
}

/**
 * Makes the zip of a part, or leaves the one that is there alone when it was made from the same inputs.
 *
 * @param name the part's name, which is also its zip's
 * @param options `out` the folder of the zips; `inputs` all that decides the content; `list` the path of the list of files,
 * which is added; `entries` makes the content and is called only when it is needed; `level` of compression as of {@link writeZip}
 * @returns the part as it is now recorded in `parts.json`
 */
export async function makePart(
  name: string,
  options: {
    out: string;
    inputs: unknown;
    list: string;
    entries: () => ZipEntry[] | Promise<ZipEntry[]>;
    level?: number | undefined;
    signal: AbortSignal;
  },
): Promise<MadePart> {
  const { out, signal, level } = options;
  signal.throwIfAborted();
  const path = join(out, `${name}.zip`);
  const inputsSha256 = createHash('sha256')
    .update(JSON.stringify([RECIPE, options.inputs]))
    .digest('hex');
  const recorded = readParts(out)[name];
  if (recorded?.inputsSha256 === inputsSha256 && (await isIntact(path, recorded))) {
    return { ...recorded, name, path, rebuilt: false };
  }
  // A file of this name among them would be the list of another build.
  const entries = (await options.entries()).filter((entry) => entry.path !== options.list);
  const { contentsSha256, entry } = partList(options.list, entries);
  const { bytes, sha256 } = await writeZip(path, [...entries, entry], {
    signal,
    ...(level === undefined ? {} : { level }),
  });
  const part = { zip: `${name}.zip`, bytes, sha256, contentsSha256, inputsSha256 };
  recordPart(out, name, part);
  return { ...part, name, path, rebuilt: true };
}

async function isIntact(path: string, part: Part): Promise<boolean> {
  try {
    if ((await stat(path)).size !== part.bytes) return false;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex') === part.sha256;
  } catch {
    return false;
  }
}
