import { mkdtemp, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';
import type { Finding } from './finding.ts';
import { type CheckedPart, kindOfPart, listFiles } from './part-files.ts';

/**
 * Unpacks a part to be looked at.
 *
 * @param path a zip, or a folder that holds what a zip would
 * @param folder where zips are unpacked, each in a folder of its own
 * @param signal stops it
 * @returns the part, or what is wrong with a zip that cannot be unpacked
 */
export async function loadPart(
  path: string,
  folder: string,
  signal: AbortSignal,
): Promise<CheckedPart | Finding> {
  const name = basename(path, '.zip');
  const found = await stat(path);
  if (found.isDirectory()) {
    const files = await listFiles(path);
    return { name, kind: kindOfPart(files), zip: undefined, folder: path, zipBytes: undefined, files };
  }
  // Not by its name, which a zip from elsewhere may have too.
  const unpacked = await mkdtemp(join(folder, 'part-'));
  try {
    await composeParts([path], unpacked, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    return {
      part: name,
      code: 'unreadable-part',
      severity: 'error',
      what: error.message,
      onLambda: 'InvalidParameterValueException: Could not unzip uploaded file',
      next: 'build the zip again',
    };
  }
  const files = await listFiles(unpacked);
  return { name, kind: kindOfPart(files), zip: path, folder: unpacked, zipBytes: found.size, files };
}
