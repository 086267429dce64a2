import { dirname, join } from 'node:path';
import { LINT_PYTHON } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';
import { makeVirtualEnvironment, virtualEnvironmentDigest } from './virtual-environment.ts';

const REQUIREMENTS = join(import.meta.dirname, 'cfn-lint/requirements.txt');

/** Installs what judges templates into a virtual environment of its own: its pins are not those of boto3. */
export const cfnLint: Step = {
  name: 'cfn-lint',
  missing: () =>
    isStamped(PROGRAMS['cfn-lint'], virtualEnvironmentDigest(REQUIREMENTS)) ? [] : ['cfn-lint'],
  install,
};

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'cfn-lint.log'),
    next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make setup again',
  };
  const python = await makeVirtualEnvironment(dirname(dirname(LINT_PYTHON)), REQUIREMENTS, options);
  await runCommand([python, '-c', 'import cfnlint, hcl2'], options);
  stamp(PROGRAMS['cfn-lint'], virtualEnvironmentDigest(REQUIREMENTS));
}
