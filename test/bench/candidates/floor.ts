import { join } from 'node:path';
import type { Candidate } from './candidate.ts';
import { type CandidateLayers, nodeIn } from './candidate-layers.ts';
import { NODE_VERSION } from './node-handler.ts';

const PROGRAM = join(import.meta.dirname, 'floor/floor.mjs');

/**
 * What no runtime on Node can be faster than: it sends the event back unread.
 *
 * @param layers the built layers, of which it uses the interpreter
 */
export function floorCandidate(layers: CandidateLayers): Candidate {
  return {
    info: {
      name: 'floor',
      description: 'one Node process that sends the event back unread',
      versions: { node: NODE_VERSION },
      role: 'floor',
    },
    missing: undefined,
    maxInFlight: 1,
    async prepare(folder) {
      return { file: nodeIn(await layers.unpack()), args: [PROGRAM], folder, variables: {} };
    },
  };
}
