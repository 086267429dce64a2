import { basename } from 'node:path';
import { serverlessId } from '../export/serverless-id.ts';
import { isRecord, type Remaining } from './remaining.ts';

/** What a layer of a function is here. */
export type ImportedLayer =
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'zip'; readonly path: string }
  /** A folder that the framework zips. */
  | { readonly kind: 'folder'; readonly path: string }
  /** One of ours, which comes by itself. */
  | { readonly kind: 'interpreter'; readonly name: string }
  | { readonly kind: 'runtime' };

/** What a layer is known by, and how it was described. */
export type ServerlessLayers = ReadonlyMap<string, ImportedLayer>;

/** As the export and `layers` call ours. */
const OUR_INTERPRETER = /^interpreter-(.+)-(?:x86_64|arm64)\.zip$/;
/** What says how a layer is published, and nothing of what a function needs. */
const OF_PUBLISHING = [
  'name',
  'description',
  'compatibleRuntimes',
  'compatibleArchitectures',
  'licenseInfo',
  'retain',
];

/**
 * Takes the layers that a `serverless.yml` makes.
 *
 * @param file what is left of the file
 */
export function takeLayers(file: Remaining): ServerlessLayers {
  const layers = new Map<string, ImportedLayer>();
  for (const id of file.names('layers')) {
    const artifact = file.take('layers', id, 'package', 'artifact');
    const path = file.take('layers', id, 'path');
    const layer = typeof artifact === 'string' ? zipLayer(artifact) : folderLayer(path);
    if (layer === undefined) continue;
    for (const key of OF_PUBLISHING) file.take('layers', id, key);
    // The framework's own name for it; and the bare one, which many examples have.
    layers.set(`${serverlessId(id)}LambdaLayer`, layer).set(id, layer);
  }
  return layers;
}

function zipLayer(path: string): ImportedLayer {
  const name = OUR_INTERPRETER.exec(basename(path))?.[1];
  if (name !== undefined) return { kind: 'interpreter', name };
  return basename(path) === 'runtime.zip' ? { kind: 'runtime' } : { kind: 'zip', path };
}

function folderLayer(path: unknown): ImportedLayer | undefined {
  return typeof path === 'string' ? { kind: 'folder', path } : undefined;
}

/**
 * What a function's entry under `layers` means.
 *
 * @param entry an ARN, or `{Ref: …}`
 * @param layers of the file
 * @returns undefined when it is something else
 */
export function findLayer(entry: unknown, layers: ServerlessLayers): ImportedLayer | undefined {
  if (typeof entry === 'string') return /^arn:[^$]+$/.test(entry) ? { kind: 'arn', arn: entry } : undefined;
  if (!isRecord(entry) || typeof entry.Ref !== 'string') return undefined;
  return layers.get(entry.Ref);
}
