import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { NPM_10 } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const FOLDER = dirname(dirname(NPM_10));
/** What comes with Node 20 and 22. Its package holds all that it depends on, so that this digest pins them too. */
const VERSION = '10.9.9';
const INTEGRITY =
  'sha512-1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg==';

/** Fetches the older npm that many have: it lays out packages in a way of its own. */
export const npm10: Step = {
  name: 'npm 10',
  missing: () => (isStamped(PROGRAMS.npm10, INTEGRITY) ? [] : ['npm10']),
  install,
};

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const next = 'check that npm reaches its registry, then run make setup again';
  const options = { environment, signal, logFile: join(logFolder, 'npm10.log'), next };
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await runCommand(['npm', 'pack', `npm@${VERSION}`, '--silent', '--pack-destination', FOLDER], options);
  const archive = join(FOLDER, `npm-${VERSION}.tgz`);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== INTEGRITY) {
    throw new ToolError(
      'CANNOT',
      `Cannot install npm ${VERSION}: its digest is "${found}", wanted "${INTEGRITY}"`,
      { next },
    );
  }
  await runCommand(['tar', '-xzf', archive, '-C', FOLDER, '--strip-components', '1'], options);
  await rm(archive);
  await runCommand(['node', NPM_10, '--version'], options);
  stamp(PROGRAMS.npm10, INTEGRITY);
}
