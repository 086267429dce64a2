import { join } from 'node:path';
import { MOTO_FOLDER } from '../helpers/clients.ts';
import { pythonPackages } from './python-packages.ts';

/** Installs moto, whose server answers as AWS does. */
export const moto = pythonPackages({
  name: 'moto',
  folder: MOTO_FOLDER,
  requirements: join(import.meta.dirname, 'moto/requirements.txt'),
  // What is loaded only when a request needs it, so that a package that is missing shows here.
  code: 'import moto.server, moto.awslambda_simple.models, moto.s3.models, moto.iam.models, moto.sts.models',
  next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make setup again',
});
