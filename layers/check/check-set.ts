import type { Finding } from './finding.ts';
import type { PartSet, Rule } from './part-set.ts';
import { checkBinaries } from './rules/binaries.ts';
import { checkDigests } from './rules/digests.ts';
import { checkLayout } from './rules/layout.ts';
import { checkLinks } from './rules/links.ts';
import { checkManifests } from './rules/manifests.ts';
import { checkModes } from './rules/modes.ts';
import { checkScripts } from './rules/scripts.ts';
import { checkShadows } from './rules/shadows.ts';
import { checkSizes } from './rules/sizes.ts';

const RULES: readonly Rule[] = [
  ...[checkSizes, checkLayout, checkManifests, checkDigests, checkBinaries],
  ...[checkScripts, checkModes, checkLinks, checkShadows],
];

/**
 * Looks for all that can be found without running anything.
 *
 * @param set the parts of one function
 * @param signal stops it
 */
export async function* checkSet(set: PartSet, signal: AbortSignal): AsyncGenerator<Finding> {
  for (const rule of RULES) {
    signal.throwIfAborted();
    yield* rule(set);
  }
}
