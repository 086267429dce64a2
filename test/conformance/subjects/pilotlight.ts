import { join } from 'node:path';
import type { CandidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

/**
 * Our own runtime, from the layers as they are deployed.
 *
 * @param layers the built layers
 * @param http who speaks HTTP: `PILOTLIGHT_HTTP`
 */
export function pilotlightSubject(layers: CandidateLayers, http: 'native' | 'undici' = 'native'): Subject {
  const isNative = http === 'native';
  return {
    name: isNative ? 'pilotlight' : `pilotlight ${http}`,
    description: isNative ? 'this runtime' : `this runtime with PILOTLIGHT_HTTP=${http}`,
    // No option of undici changes it. The poll is sent again and Lambda repeats its event, so that none is lost.
    without: isNative ? {} : { 'interim-100': 'undici ends a connection on a 100 that it did not ask for' },
    missing: undefined,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES.node?.lay(taskFolder);
      return {
        file: join(await layers.unpack(), 'bootstrap'),
        args: [],
        variables: isNative ? {} : { PILOTLIGHT_HTTP: http },
      };
    },
  };
}
