import { ToolError } from '../../cli/tool-error.ts';
import { unpackedBytes, unzip } from './unzip.ts';

/** Lambda's limit on a function and all its layers, unpacked, in bytes; its quotas page calls it 250 MB. */
export const MAX_UNPACKED_BYTES = 262_144_000;

/** How parts are put together. */
export interface ComposeOptions {
  /** Stops the work and leaves the folder half filled. */
  readonly signal?: AbortSignal;
  /** What the other parts of the same function unpack to, in bytes: the limit is on their sum. */
  readonly otherBytes?: number;
}

/**
 * Unpacks zips over each other as Lambda does with layers: in order, a later one replaces what an earlier one holds.
 *
 * @param zips paths of the zips
 * @param folder existing folder that takes the files; folders in it get mode 0755, files the mode in the zip
 * @returns what the zips unpack to in bytes, for `otherBytes` of the next call
 * @throws {ToolError} `CANNOT` for what is no zip, is damaged, too large, or wants to write outside the folder
 */
export async function composeParts(
  zips: readonly string[],
  folder: string,
  options: ComposeOptions = {},
): Promise<number> {
  const { signal = new AbortController().signal, otherBytes = 0 } = options;
  // Sizes come from the zips' directories, so that nothing is written when the sum is too large. They can be believed:
  // unpacking fails at the first byte beyond them.
  const sizes = await Promise.all(zips.map((zip) => readable(zip, signal, unpackedBytes(zip))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes + otherBytes > MAX_UNPACKED_BYTES) {
    throw new ToolError(
      'CANNOT',
      `Cannot unpack ${zips.map((zip) => `"${zip}"`).join(', ')}: the function and its layers have ${bytes + otherBytes} bytes unpacked, expected at most ${MAX_UNPACKED_BYTES}`,
      { next: 'leave out what the function does not need' },
    );
  }
  for (const zip of zips) await readable(zip, signal, unzip(zip, folder, signal));
  return bytes;
}

async function readable<T>(zip: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    throw new ToolError('CANNOT', `Cannot unpack "${zip}": ${(error as Error).message}`, { cause: error });
  }
}
