import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageManifest from '../../../package.json' with { type: 'json' };
import type { CandidateInfo } from '../result.ts';
import type { Candidate } from './candidate.ts';
import type { CandidateLayers } from './candidate-layers.ts';
import { NODE_HANDLER, NODE_VERSION } from './node-handler.ts';

/** The name of what all this is about. */
export const PILOTLIGHT = 'pilotlight';
/** It differs in its first invocations alone. */
export const AHEAD = 'pilotlight ahead';

/**
 * Our own runtime in its forms, from the layers as they are deployed.
 *
 * @param layers the built layers
 */
export function pilotlightCandidates(layers: CandidateLayers): readonly Candidate[] {
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
    pilotlight(
      layers,
      { name: AHEAD, description: 'initialised before an event asks for it', role: 'peer' },
      { AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' },
    ),
  ];
}

function pilotlight(
  layers: CandidateLayers,
  info: Omit<CandidateInfo, 'versions'>,
  variables: Readonly<Record<string, string>>,
): Candidate {
  return {
    info: { ...info, versions: { pilotlight: packageManifest.version, node: NODE_VERSION } },
    missing: undefined,
    maxInFlight: Number.POSITIVE_INFINITY,
    async prepare(folder) {
      const opt = await layers.unpack();
      await copyFile(NODE_HANDLER, join(folder, 'function.bundle.mjs'));
      return { file: join(opt, 'bootstrap'), args: [], folder, variables };
    },
  };
}
