import { readFileSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROGRAMS } from '../helpers/needs.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

/** Installs the library that a construct is synthesized with. */
export const cdk = npmProgram('aws-cdk-lib', 'cdk');

/** Installs version 3 of the Serverless Framework: the last that asks for no account. */
export const serverless = npmProgram('serverless', 'serverless');

/** What npm has, pinned by a lock of its own: the tests' own tree stays small. */
function npmProgram(name: 'aws-cdk-lib' | 'serverless', folder: string): Step {
  const source = join(import.meta.dirname, folder);
  const digest = () => digestOf([readFileSync(join(source, 'package-lock.json'), 'utf8')]);
  return {
    name,
    missing: () => (isStamped(PROGRAMS[name], digest()) ? [] : [name]),
    async install({ environment, signal, logFolder }: StepContext) {
      const target = dirname(PROGRAMS[name]);
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
      for (const file of ['package.json', 'package-lock.json'])
        await copyFile(join(source, file), join(target, file));
      const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
      await runCommand(['npm', 'ci', '--ignore-scripts', '--omit=optional', ...quiet], {
        environment,
        signal,
        cwd: target,
        logFile: join(logFolder, `${name}.log`),
        next: 'check that npm reaches its registry, then run make setup again',
      });
      stamp(PROGRAMS[name], digest());
    },
  };
}
