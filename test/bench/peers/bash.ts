import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CURL } from '../../helpers/clients.ts';
import type { Candidate } from '../candidates/candidate.ts';
import { missingFiles } from './missing-files.ts';
import type { Versions } from './versions.ts';

const BASH = '/bin/bash';

/** A loop round curl, as people start who write a runtime of their own. */
export const bash: Candidate = {
  // Once, when the module is loaded: a getter would start programs whenever somebody wants the name.
  info: {
    name: 'bash',
    description: 'Bash and two curl an event',
    versions: versions(),
    role: 'peer',
  },
  get missing() {
    return missingFiles([BASH, CURL]);
  },
  maxInFlight: 1,
  prepare: async (folder) => ({
    file: BASH,
    args: [join(import.meta.dirname, 'bash/bootstrap.sh')],
    folder,
    // Without a locale: it would make Bash look for characters in the event.
    variables: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
  }),
};

/** Of the lines `GNU bash, version 5.2.15(1)-release …` and `curl 7.88.1 …`. */
function versions(): Versions {
  const found = [BASH, CURL].filter(existsSync).map((file) => {
    const line = execFileSync(file, ['--version'], { env: {}, encoding: 'utf8' });
    const [, name = '', version = ''] = /^(?:GNU )?(\w+),? (?:version )?([\d.]+)/.exec(line) ?? [];
    return [name, version] as const;
  });
  return Object.fromEntries(found);
}
