import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** A zip on this machine. */
export interface LocalZip {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. Lambda tells the same in base64, as `CodeSha256`. */
  readonly sha256: string;
}

/**
 * Measures a zip.
 *
 * @param path of the zip
 * @throws {ToolError} `USAGE` when it cannot be read
 */
export async function readLocalZip(path: string): Promise<LocalZip> {
  try {
    const hash = createHash('sha256');
    const { size } = await stat(path);
    await pipeline(createReadStream(path), hash);
    return { name: basename(path, '.zip'), path, bytes: size, sha256: hash.digest('hex') };
  } catch (error) {
    throw new ToolError('USAGE', `Cannot read "${path}": ${(error as Error).message}`, { cause: error });
  }
}

/**
 * A digest as Lambda tells it.
 *
 * @param sha256 in hexadecimal
 */
export function codeSha256(sha256: string): string {
  return Buffer.from(sha256, 'hex').toString('base64');
}
