import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../service-error.ts';
import type { StoredCode } from './code-store.ts';
import type { Control } from './control.ts';
import type { LayerVersion } from './layer-store.ts';

const PATH = /^\/content\/(code|layers)\/([\w-]+)(?:\/(\d+))?$/;

/** Where a function's zip can be fetched, as `Location` tells it. */
export function codeLocation(request: IncomingMessage, { sha256 }: StoredCode): string {
  return `http://${request.headers.host}/content/code/${Buffer.from(sha256, 'base64').toString('hex')}`;
}

/** Where a layer's zip can be fetched. */
export function layerLocation(request: IncomingMessage, { name, version }: LayerVersion): string {
  return `http://${request.headers.host}/content/layers/${name}/${version}`;
}

/**
 * Sends the zip that a `Location` leads to.
 *
 * @returns false when the path is none of these
 * @throws {ServiceError} `ResourceNotFoundException` for a zip that is gone
 */
export async function sendContent(
  { codes, layers }: Control,
  path: string,
  response: ServerResponse,
): Promise<boolean> {
  const [, kind, name = '', version] = PATH.exec(path) ?? [];
  if (kind === undefined) return false;
  const zip =
    kind === 'code'
      ? codes.find(Buffer.from(name, 'hex').toString('base64'))?.zip
      : layers.get(name, Number(version)).zip;
  if (zip === undefined) throw new ServiceError('ResourceNotFoundException', `There is no "${path}"`);
  response.setHeader('content-type', 'application/zip');
  await pipeline(createReadStream(zip), response);
  return true;
}
