import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const PART = z.object({
  /** File name in the folder of `parts.json`. */
  zip: z.string(),
  bytes: z.int(),
  /** Of the zip itself. */
  sha256: z.string(),
  /** Of what it holds, however compressed. */
  contentsSha256: z.string(),
  /** Of what it was made from. */
  inputsSha256: z.string(),
  /** Of a function: what of its settings decides how it is loaded, which no zip can say. */
  settings: z
    .object({ handler: z.string(), interpreter: z.string(), environment: z.record(z.string(), z.string()) })
    .optional(),
});

/** One built zip as `parts.json` records it. */
export type Part = z.infer<typeof PART>;

const PARTS = z.record(z.string(), z.unknown());

/**
 * Reads what was built into a folder.
 *
 * @param out the folder with the zips
 * @returns parts by name; none when the file is missing, and without the entries that cannot be understood
 */
export function readParts(out: string): Record<string, Part> {
  let parts: Record<string, unknown>;
  try {
    parts = PARTS.parse(JSON.parse(readFileSync(join(out, 'parts.json'), 'utf8')));
  } catch {
    // Only a record of what is there: without it everything is built anew.
    return {};
  }
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, value]) => {
      const part = PART.safeParse(value);
      return part.success ? [[name, part.data]] : [];
    }),
  );
}

/**
 * Records a part and leaves the others as they are. Synchronous from reading to writing, so that builds side by side
 * in one process lose nothing.
 *
 * @param out the folder with the zips
 * @param name the part's name
 * @param part what was built
 */
export function recordPart(out: string, name: string, part: Part): void {
  mkdirSync(out, { recursive: true });
  const parts = Object.entries({ ...readParts(out), [name]: part }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const unfinished = join(out, `parts.json.${randomUUID()}.tmp`);
  writeFileSync(unfinished, `${JSON.stringify(Object.fromEntries(parts), undefined, 2)}\n`);
  renameSync(unfinished, join(out, 'parts.json'));
}
