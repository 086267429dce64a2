import { link, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';

/** What the folders are made with. */
export interface LayerFolderOptions {
  readonly builder: Builder;
  /** Where the layers are built. */
  readonly dist: string;
  /** Existing folder for all of them. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/**
 * Makes folders that stand for `/opt`. Each zip is unpacked once, its files are linked: most candidates have Node's
 * 108 MB in common.
 *
 * @returns makes the folder of a candidate's interpreters, or gives the one that is there
 */
export function layerFolders(
  options: LayerFolderOptions,
): (interpreters: readonly string[]) => Promise<string> {
  const { builder, dist, folder, signal, note } = options;
  const unpacked = new Map<string, string>();
  const composed = new Map<string, string>();

  async function unpack(zip: string): Promise<string> {
    const target = unpacked.get(zip) ?? join(folder, 'zips', basename(zip, '.zip'));
    if (!unpacked.has(zip)) {
      await mkdir(target, { recursive: true });
      await composeParts([zip], target, { signal });
      unpacked.set(zip, target);
    }
    return target;
  }

  return async (interpreters) => {
    const key = interpreters.join('+');
    const opt = composed.get(key) ?? join(folder, 'opt', key);
    if (composed.has(key)) return opt;
    const built = await builder.buildLayers({ interpreters, arch: MACHINE_ARCH, out: dist, signal, note });
    for (const zip of [...built.interpreters, built.runtime]) await linkAll(await unpack(zip), opt);
    composed.set(key, opt);
    return opt;
  };
}

async function linkAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkAll(source, target);
    else await link(source, target);
  }
}
