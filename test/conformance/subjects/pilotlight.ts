import { join } from 'node:path';
import type { CandidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

/**
 * Our own runtime, from the layers as they are deployed.
 *
 * @param layers the built layers
 */
export function pilotlightSubject(layers: CandidateLayers): Subject {
  return {
    name: 'pilotlight',
    description: 'this runtime',
    without: {},
    missing: undefined,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES.node?.lay(taskFolder);
      return { file: join(await layers.unpack(), 'bootstrap'), args: [], variables: {} };
    },
  };
}
