import { join } from 'node:path';
import { MOTO_FOLDER } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';
import { makeVirtualEnvironment, virtualEnvironmentDigest } from './virtual-environment.ts';

const REQUIREMENTS = join(import.meta.dirname, 'moto/requirements.txt');
/** What is loaded only when a request needs it, so that a package that is missing shows here. */
const IMPORTS =
  'import moto.server, moto.awslambda_simple.models, moto.s3.models, moto.iam.models, moto.sts.models';

/** Installs moto, whose server answers as AWS does, into a virtual environment of its own. */
export const moto: Step = {
  name: 'moto',
  missing: () => (isStamped(PROGRAMS.moto, virtualEnvironmentDigest(REQUIREMENTS)) ? [] : ['moto']),
  install,
};

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'moto.log'),
    next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make setup again',
  };
  const python = await makeVirtualEnvironment(MOTO_FOLDER, REQUIREMENTS, options);
  await runCommand([python, '-c', IMPORTS], options);
  stamp(PROGRAMS.moto, virtualEnvironmentDigest(REQUIREMENTS));
}
