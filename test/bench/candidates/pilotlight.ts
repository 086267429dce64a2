import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import bunPackages from '../../../layers/interpreters/bun/package.json' with { type: 'json' };
import packageManifest from '../../../package.json' with { type: 'json' };
import type { CandidateInfo } from '../result.ts';
import type { Candidate } from './candidate.ts';
import type { CandidateLayers } from './candidate-layers.ts';
import { NODE_HANDLER, NODE_VERSION } from './node-handler.ts';

/** The name of what all this is about. */
export const PILOTLIGHT = 'pilotlight';

const ON_BUN = {
  name: 'pilotlight on bun',
  description: 'bootstrap and worker on Bun',
  role: 'peer',
} as const;
const BUN_VERSION = bunPackages.dependencies['@oven/bun-linux-x64'];

/** The layers that our own runtime is measured with, each with one interpreter. */
export interface OwnLayers {
  readonly node: CandidateLayers;
  /** Left out of short runs. */
  readonly bun: CandidateLayers | undefined;
}

/**
 * Our own runtime in its forms, from the layers as they are deployed.
 *
 * @param own the built layers
 */
export function pilotlightCandidates({ node: layers, bun }: OwnLayers): readonly Candidate[] {
  return [
    pilotlight(layers, { name: PILOTLIGHT, description: 'bootstrap and worker', role: 'peer' }, {}),
    pilotlight(
      layers,
      { name: 'pilotlight again', description: 'the same once more', role: 'control', repeats: PILOTLIGHT },
      {},
    ),
    pilotlight(
      layers,
      {
        name: 'pilotlight pipelined',
        description: 'next poll in the same write as the answer',
        role: 'peer',
      },
      { PILOTLIGHT_PIPELINE: 'on' },
    ),
    pilotlight(
      layers,
      { name: 'pilotlight undici', description: 'undici instead of our own framing', role: 'peer' },
      { PILOTLIGHT_HTTP: 'undici' },
    ),
    ...(bun === undefined ? [] : [pilotlight(bun, ON_BUN, {}, { bun: BUN_VERSION })]),
  ];
}

function pilotlight(
  layers: CandidateLayers,
  info: Omit<CandidateInfo, 'versions'>,
  variables: Readonly<Record<string, string>>,
  interpreter: Readonly<Record<string, string>> = { node: NODE_VERSION },
): Candidate {
  return {
    info: { ...info, versions: { pilotlight: packageManifest.version, ...interpreter } },
    missing: undefined,
    maxInFlight: Number.POSITIVE_INFINITY,
    async prepare(folder) {
      const opt = await layers.unpack();
      await copyFile(NODE_HANDLER, join(folder, 'function.bundle.mjs'));
      return { file: join(opt, 'bootstrap'), args: [], folder, variables };
    },
  };
}
