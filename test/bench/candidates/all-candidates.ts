import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { Candidate } from './candidate.ts';
import type { CandidateLayers } from './candidate-layers.ts';
import { customCandidate } from './custom.ts';
import { floorCandidates } from './floor.ts';
import { nodeClientCandidate } from './node-client.ts';
import { pilotlightCandidates } from './pilotlight.ts';

/**
 * Everything that can be measured, in the order of the tables.
 *
 * @param layers the built layers
 * @param peers other runtimes
 * @param custom what `--candidate` says, each time it was given
 * @param workingFolder what the paths in it are relative to
 * @throws {ToolError} `USAGE` for a custom one that cannot be used, or a name that is taken
 */
export function allCandidates(
  layers: CandidateLayers,
  peers: readonly Candidate[],
  custom: readonly string[],
  workingFolder: string,
): readonly Candidate[] {
  const all = [
    ...pilotlightCandidates(layers),
    nodeClientCandidate(layers),
    ...peers,
    ...floorCandidates(layers),
    ...custom.map((text) => customCandidate(text, workingFolder)),
  ];
  const names = new Set<string>();
  for (const { info } of all) {
    if (names.has(info.name)) throw new ToolError('USAGE', `Cannot name two candidates "${info.name}"`);
    names.add(info.name);
  }
  return all;
}
