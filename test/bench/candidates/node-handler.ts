import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNodeFolder } from '../../helpers/clients.ts';

/** The handler that every candidate on Node runs. */
export const NODE_HANDLER = join(import.meta.dirname, '../handlers/node/function.mjs');

/** Of the Node in the interpreter layer. */
export const NODE_VERSION = versionOf(pinnedNodeFolder());

/**
 * The version of an installed package.
 *
 * @param folder its folder
 */
export function versionOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
