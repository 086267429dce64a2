import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entriesAt } from './folder-entries.ts';
import { type MadePart, makePart } from './part.ts';
import { digestOfContents } from './part-list.ts';

/** What the layer holds, in the npm package: bundled anew it would take up whatever versions npm installed beside. */
const PACKAGED = join(import.meta.dirname, '../package/runtime');

/**
 * Makes the runtime layer for every architecture. Bundling takes less than a second, so it is always done, and the zip is
 * written only when what it holds has changed.
 *
 * @param options `out` the folder of the zips
 * @throws {ToolError} `BUILD_FAILED` when the sources do not bundle
 */
export async function makeRuntimeLayer(options: { out: string; signal: AbortSignal }): Promise<MadePart> {
  options.signal.throwIfAborted();
  const entries = existsSync(PACKAGED)
    ? await entriesAt(PACKAGED, '.')
    : await (await import('./runtime-entries.ts')).runtimeEntries();
  const inputs = digestOfContents(entries);
  const list = 'pilotlight/runtime.files';
  return await makePart('runtime', { ...options, inputs, list, entries: () => entries });
}
