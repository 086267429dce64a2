import { join } from 'node:path';
import type { Candidate } from './candidate.ts';
import { type CandidateLayers, nodeIn } from './candidate-layers.ts';
import { NODE_VERSION } from './node-handler.ts';

const PROGRAMS = join(import.meta.dirname, 'floor');
/** The floor of a design with two processes. */
export const BARE_PAIR = 'bare pair';

/**
 * What no runtime on Node can be faster than, with one process and with two: each sends the event back unread. The
 * difference between both is what a second process costs at least.
 *
 * @param layers the built layers, of which they use the interpreter
 */
export function floorCandidates(layers: CandidateLayers): readonly Candidate[] {
  return [
    floor(layers, 'floor', 'one Node process that sends the event back unread', 'floor.mjs'),
    floor(layers, BARE_PAIR, 'two Node processes, the second sends the event back unread', 'pair.mjs'),
  ];
}

function floor(layers: CandidateLayers, name: string, description: string, program: string): Candidate {
  return {
    info: { name, description, versions: { node: NODE_VERSION }, role: 'floor' },
    missing: undefined,
    maxInFlight: 1,
    async prepare(folder) {
      return { file: nodeIn(await layers.unpack()), args: [join(PROGRAMS, program)], folder, variables: {} };
    },
  };
}
