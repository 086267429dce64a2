import { join } from 'node:path';
import type { BuiltLayers } from '../../../runtime/emulator/builder.ts';
import { composeParts } from '../../../runtime/emulator/sandbox/compose-parts.ts';

/**
 * The built layers, unpacked once for all candidates that run on them. Only one environment lives at a time, and none
 * writes there, so what they share distorts no figure. The driver runs on another copy of Node: none of its pages are
 * theirs.
 */
export interface CandidateLayers {
  /** Unpacks them when it is first called; the result is the folder that stands for `/opt`. */
  unpack(): Promise<string>;
}

/**
 * Prepares the layers.
 *
 * @param layers the zips
 * @param folder existing folder for what is in them
 * @param signal stops the unpacking
 */
export function candidateLayers(layers: BuiltLayers, folder: string, signal: AbortSignal): CandidateLayers {
  let unpacked: Promise<string> | undefined;
  const unpack = async () => {
    await composeParts([...layers.interpreters, layers.runtime], folder, { signal });
    return folder;
  };
  return {
    unpack() {
      unpacked ??= unpack();
      return unpacked;
    },
  };
}

/** The interpreter of unpacked layers. */
export function nodeIn(opt: string): string {
  return join(opt, 'bin/node');
}
