import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { HCLFMT } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { findProgram, GO } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const SOURCE = join(import.meta.dirname, 'hclfmt');

/** Builds the formatter of Terraform's language from the library that Terraform itself is built with. */
export const hclfmt: Step = {
  name: 'hclfmt',
  missing: () => (isStamped(PROGRAMS.hclfmt, digest()) ? [] : ['hclfmt']),
  install,
};

function digest(): string {
  return digestOf([
    ...['go.mod', 'go.sum'].map((name) => readFileSync(join(SOURCE, name), 'utf8')),
    process.arch,
  ]);
}

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const go = findProgram(GO, environment.PATH);
  await mkdir(dirname(HCLFMT), { recursive: true });
  await runCommand([go, 'build', '-o', HCLFMT, 'github.com/hashicorp/hcl/v2/cmd/hclfmt'], {
    environment: { ...environment, CGO_ENABLED: '0' },
    signal,
    cwd: SOURCE,
    logFile: join(logFolder, 'hclfmt.log'),
    next: `check that go reaches its module proxy; if it is too old, ${GO.next}`,
  });
  stamp(PROGRAMS.hclfmt, digest());
}
