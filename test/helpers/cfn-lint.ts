import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { LINT_PYTHON } from './clients.ts';

/** Something that the linter holds against a template. */
export interface Match {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

/**
 * Judges templates. That a path is no object in a bucket is what `aws cloudformation package` is for.
 *
 * @param args templates, or other arguments of cfn-lint
 */
export async function cfnLint(...args: string[]): Promise<Match[]> {
  const run = 'from cfnlint.runner import main; main()';
  const options = ['--format', 'json', '--include-experimental', '--ignore-checks=W3002'];
  const { stdout } = await execa(LINT_PYTHON, ['-c', run, ...args, ...options], {
    extendEnv: false,
    reject: false,
    env: { PATH: '/usr/bin:/bin', TMPDIR: tmpdir() },
  });
  return JSON.parse(stdout);
}
