import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PHP, PHP_CURL } from '../../helpers/clients.ts';
import type { Candidate } from '../candidates/candidate.ts';
import { missingFiles } from './missing-files.ts';
import type { Versions } from './versions.ts';

const SOURCE = join(import.meta.dirname, 'php');

/** The distribution's PHP, and the loop that AWS's guide to custom runtimes describes, in one process. */
export const php: Candidate = {
  // Once, when the module is loaded: a getter would start programs whenever somebody wants the name.
  info: {
    name: 'php',
    description: 'one PHP process round the curl extension',
    versions: versions(),
    role: 'peer',
  },
  get missing() {
    return missingFiles([PHP, PHP_CURL]);
  },
  maxInFlight: 1,
  async prepare(folder) {
    await copyFile(join(SOURCE, 'function.php'), join(folder, 'function.php'));
    return { file: PHP, args: [join(SOURCE, 'bootstrap.php')], folder, variables: {} };
  },
};

/** Of the line `PHP 8.2.36 (cli) …`. */
function versions(): Versions {
  if (!existsSync(PHP)) return {};
  const line = execFileSync(PHP, ['--version'], { env: {}, encoding: 'utf8' });
  return { php: /^PHP ([\d.]+)/.exec(line)?.[1] ?? '' };
}
