import { dirname, join } from 'node:path';
import { LINT_PYTHON } from '../helpers/clients.ts';
import { pythonPackages } from './python-packages.ts';

/** Installs what judges templates. */
export const cfnLint = pythonPackages({
  name: 'cfn-lint',
  folder: dirname(dirname(LINT_PYTHON)),
  requirements: join(import.meta.dirname, 'cfn-lint/requirements.txt'),
  code: 'import cfnlint, hcl2',
  next: 'check that pip reaches its package index and that Python is 3.11 to 3.14, then run make setup again',
});
