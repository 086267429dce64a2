import { dirname, join } from 'node:path';
import { PYTHON } from '../helpers/clients.ts';
import { pythonPackages } from './python-packages.ts';

/** Installs boto3. */
export const boto3 = pythonPackages({
  name: 'boto3',
  folder: dirname(dirname(PYTHON)),
  requirements: join(import.meta.dirname, 'requirements.txt'),
  code: 'import boto3',
  next: 'check that pip reaches its package index, then run make setup again',
});
