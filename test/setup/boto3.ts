import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PYTHON } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

/** By its path: another Python, without what Debian's has, may stand earlier in PATH. */
const SYSTEM_PYTHON = '/usr/bin/python3';
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** Installs boto3 into a virtual environment. */
export const boto3: Step = {
  name: 'boto3',
  missing: () => (isStamped(PROGRAMS.boto3, digest()) ? [] : ['boto3']),
  install,
};

/** The name that `python3` points to carries the version, which the virtual environment's folders depend on. */
function digest(): string {
  return digestOf([readFileSync(REQUIREMENTS, 'utf8'), realpathSync(SYSTEM_PYTHON)]);
}

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const options = {
    environment,
    signal,
    logFile: join(logFolder, 'boto3.log'),
    next: 'check that pip reaches its package index, then run make setup again',
  };
  const folder = dirname(dirname(PYTHON));
  await runCommand([SYSTEM_PYTHON, '-m', 'venv', '--clear', folder], options);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const pinned = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '--requirement', REQUIREMENTS];
  await runCommand([PYTHON, ...pip, ...pinned], options);
  await runCommand([PYTHON, '-c', 'import boto3'], options);
  stamp(PROGRAMS.boto3, digest());
}
