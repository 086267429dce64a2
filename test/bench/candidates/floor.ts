import { join } from 'node:path';
import type { Candidate } from './candidate.ts';
import { type CandidateLayers, nodeIn } from './candidate-layers.ts';
import { NODE_HANDLER, NODE_VERSION } from './node-handler.ts';

const PROGRAMS = join(import.meta.dirname, 'floor');
/** The floor of a design with two processes. */
export const BARE_PAIR = 'bare pair';

/**
 * What no runtime on Node can be faster than: one process that sends the event back unread, and two of which the second
 * runs the handler, as any worker has to. Neither checks anything.
 *
 * @param layers the built layers, of which they use the interpreter
 */
export function floorCandidates(layers: CandidateLayers): readonly Candidate[] {
  return [
    floor(layers, 'floor', 'one Node process that sends the event back unread', 'floor.mjs'),
    floor(layers, BARE_PAIR, 'two Node processes, the second runs the handler', 'pair.mjs', NODE_HANDLER),
  ];
}

function floor(
  layers: CandidateLayers,
  name: string,
  description: string,
  program: string,
  ...args: readonly string[]
): Candidate {
  return {
    info: { name, description, versions: { node: NODE_VERSION }, role: 'floor' },
    missing: undefined,
    maxInFlight: 1,
    async prepare(folder) {
      const file = nodeIn(await layers.unpack());
      return { file, args: [join(PROGRAMS, program), ...args], folder, variables: {} };
    },
  };
}
