import { join } from 'node:path';
import type { CandidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { LANGUAGES } from './language.ts';
import type { Subject } from './subject.ts';

/** Which of its forms is judged; the default is `native` on `node`. */
export interface PilotlightForm {
  /** Who speaks HTTP: `PILOTLIGHT_HTTP`. */
  readonly http?: 'native' | 'undici';
  /** What the workers run on: `PILOTLIGHT_INTERPRETER`. */
  readonly interpreter?: string;
  /** How long a worker lives: `PILOTLIGHT_MODE`. */
  readonly mode?: 'persistent' | 'spare' | 'process';
  /** The kit's handler that the workers run. */
  readonly language?: string;
}

/**
 * Our own runtime, from the layers as they are deployed.
 *
 * @param layers the built layers
 * @param form what it is set to
 */
export function pilotlightSubject(
  layers: CandidateLayers,
  {
    http = 'native',
    interpreter = 'node',
    mode = 'persistent',
    language = interpreter === 'php' ? 'php-worker' : 'node',
  }: PilotlightForm = {},
): Subject {
  const form = {
    ...(http !== 'native' && { PILOTLIGHT_HTTP: http }),
    ...(interpreter !== 'node' && { PILOTLIGHT_INTERPRETER: interpreter }),
    ...(mode !== 'persistent' && { PILOTLIGHT_MODE: mode }),
  };
  const settings = Object.entries(form).map(([name, value]) => `${name}=${value}`);
  return {
    name: ['pilotlight', ...Object.values(form), ...(language === 'node' ? [] : [language])].join(' '),
    description: ['this runtime', ...settings].join(' with '),
    // No option of undici changes it. The poll is sent again and Lambda repeats its event, so that none is lost.
    without: {
      ...LANGUAGES[language]?.without,
      ...(http === 'undici' && {
        'interim-100': 'undici ends a connection on a 100 that it did not ask for',
      }),
      ...(mode !== 'persistent' && { state: 'each event has a worker of its own' }),
    },
    missing: undefined,
    handler: (entry) => `function.${entry}`,
    async prepare(taskFolder) {
      await LANGUAGES[language]?.lay(taskFolder);
      return { file: join(await layers.unpack(), 'bootstrap'), args: [], variables: form };
    },
  };
}
