import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type LayerStore, type LayerVersion, parseLayerName } from './layer-store.ts';
import { type Call, type ControlAnswer, decodedParam, operation } from './operation.ts';
import { pageOf } from './page.ts';
import { MAX_UPLOAD_BYTES, readInput } from './read-input.ts';
import { renderDate } from './render-configuration.ts';
import { layerLocation } from './send-content.ts';
import { requireUnpackable, ZIP_INPUT, zipIn } from './zip-input.ts';

const PATH = '/2018-10-31/layers';
const PUBLISH_INPUT = z.object({
  Content: z.object(ZIP_INPUT),
  Description: z.string().max(256).optional(),
  CompatibleRuntimes: z.array(z.string()).max(15).optional(),
  CompatibleArchitectures: z
    .array(z.enum(['x86_64', 'arm64']))
    .max(2)
    .optional(),
  LicenseInfo: z.string().max(512).optional(),
});

/** What makes layers, finds them and ends them. */
export const LAYER_OPERATIONS = [
  operation(`POST ${PATH}/{}/versions`, publishLayerVersion),
  operation(`GET ${PATH}/{}/versions`, listLayerVersions),
  operation(`GET ${PATH}/{}/versions/{}`, getLayerVersion),
  operation(`DELETE ${PATH}/{}/versions/{}`, deleteLayerVersion),
  operation(`GET ${PATH}`, listLayers),
];

async function publishLayerVersion(call: Call): Promise<ControlAnswer> {
  const { layers } = call.control;
  const { Content, ...facts } = await readInput(call.request, PUBLISH_INPUT, {
    operation: 'PublishLayerVersion',
    maxBytes: MAX_UPLOAD_BYTES,
  });
  const { name } = parseLayerName(decodedParam(call, 0));
  const zip = await layers.keep(zipIn(Content));
  await requireUnpackable([zip.path]).catch(async (error: unknown) => {
    await rm(zip.path);
    throw error;
  });
  return { status: 201, body: await render(layers, layers.publish(name, zip, facts), call.request) };
}

async function getLayerVersion(call: Call): Promise<ControlAnswer> {
  const { layers } = call.control;
  const layer = layers.get(decodedParam(call, 0), Number(decodedParam(call, 1)));
  return { status: 200, body: await render(layers, layer, call.request) };
}

function deleteLayerVersion(call: Call): ControlAnswer {
  call.control.layers.delete(decodedParam(call, 0), Number(decodedParam(call, 1)));
  return { status: 204 };
}

function listLayerVersions(call: Call): ControlAnswer {
  const versions = call.control.layers.versions(decodedParam(call, 0)).filter(filterOf(call.query));
  const { items, NextMarker } = pageOf(versions, call.query);
  return { status: 200, body: { LayerVersions: items.map(renderVersion), NextMarker } };
}

async function listLayers({ control, query, request }: Call): Promise<ControlAnswer> {
  const { layers } = control;
  // The same path is the address of GetLayerVersionByArn.
  if (query.get('find') === 'LayerVersion') {
    return { status: 200, body: await render(layers, layers.get(query.get('Arn') ?? ''), request) };
  }
  const found = layers.names().flatMap((name) => layers.versions(name).find(filterOf(query)) ?? []);
  const { items, NextMarker } = pageOf(found, query);
  return {
    status: 200,
    body: {
      Layers: items.map((layer) => ({
        LayerName: layer.name,
        LayerArn: layers.arnOf(layer.name),
        LatestMatchingVersion: renderVersion(layer),
      })),
      NextMarker,
    },
  };
}

/** A layer of which nothing is said fits nothing that is asked for by name. */
function filterOf(query: URLSearchParams): (layer: LayerVersion) => boolean {
  const runtime = query.get('CompatibleRuntime');
  const architecture = query.get('CompatibleArchitecture');
  return ({ facts }) =>
    (runtime === null || facts.CompatibleRuntimes?.includes(runtime) === true) &&
    (architecture === null || facts.CompatibleArchitectures?.includes(architecture) === true);
}

async function render(layers: LayerStore, layer: LayerVersion, request: IncomingMessage): Promise<object> {
  return {
    ...renderVersion(layer),
    LayerArn: layers.arnOf(layer.name),
    Content: {
      Location: layerLocation(request, layer),
      CodeSha256: await layers.sha256(layer),
      CodeSize: layer.bytes,
    },
  };
}

function renderVersion({ arn, version, createdMs, facts }: LayerVersion): object {
  return {
    Description: '',
    ...facts,
    LayerVersionArn: arn,
    Version: version,
    CreatedDate: renderDate(createdMs),
  };
}
