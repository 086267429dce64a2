import { dirname, join } from 'node:path';
import { PYTHON } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';
import { makeVirtualEnvironment, virtualEnvironmentDigest } from './virtual-environment.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** Installs boto3 into a virtual environment. */
export const boto3: Step = {
  name: 'boto3',
  missing: () => (isStamped(PROGRAMS.boto3, virtualEnvironmentDigest(REQUIREMENTS)) ? [] : ['boto3']),
  install,
};

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'boto3.log'),
    next: 'check that pip reaches its package index, then run make setup again',
  };
  const python = await makeVirtualEnvironment(dirname(dirname(PYTHON)), REQUIREMENTS, options);
  await runCommand([python, '-c', 'import boto3'], options);
  stamp(PROGRAMS.boto3, virtualEnvironmentDigest(REQUIREMENTS));
}
