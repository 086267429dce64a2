import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SEED_PROGRAMS } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { CRYSTAL, findProgram, GO, type ToolProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const SEEDS = join(import.meta.dirname, '../fixtures/seeds');

/** A foreign bootstrap that has to be compiled. */
interface SeedProgram {
  readonly language: 'go' | 'crystal';
  readonly compiler: ToolProgram;
  readonly folder: string;
  /** The first one is compiled, the others belong to it. */
  readonly sources: readonly string[];
  /** Arguments that make a static program, so that it runs wherever Lambda's does. */
  readonly args: readonly string[];
}

const SEED_SOURCES: readonly SeedProgram[] = [
  {
    language: 'go',
    compiler: GO,
    folder: join(SEEDS, 'deno/runtime'),
    sources: ['bootstrap.go'],
    args: ['build', '-trimpath'],
  },
  {
    language: 'crystal',
    compiler: CRYSTAL,
    folder: join(SEEDS, 'crystal'),
    sources: ['bootstrap.cr', 'runtime.cr'],
    args: ['build', '--static', '-Dwithout_openssl'],
  },
];

/** Compile the foreign bootstraps in Go and Crystal. */
export const seedPrograms: readonly Step[] = SEED_SOURCES.map((program) => ({
  name: `the foreign bootstrap in ${program.language}`,
  missing: () => (isStamped(stampOf(program), digestOfSources(program)) ? [] : [`seed-${program.language}`]),
  install: (context) => compile(program, context),
}));

function stampOf({ language }: SeedProgram): string {
  return PROGRAMS[`seed-${language}`];
}

function digestOfSources({ folder, sources, args }: SeedProgram): string {
  return digestOf([...args, ...sources.map((name) => readFileSync(join(folder, name), 'utf8'))]);
}

async function compile(program: SeedProgram, context: StepContext): Promise<void> {
  const { language, compiler, folder, sources, args } = program;
  const { environment, signal, logFolder } = context;
  await mkdir(SEED_PROGRAMS, { recursive: true });
  const file = findProgram(compiler, environment.PATH);
  await runCommand([file, ...args, '-o', join(SEED_PROGRAMS, language), sources[0] as string], {
    environment: { ...environment, CGO_ENABLED: '0' },
    signal,
    logFile: join(logFolder, `seed-${language}.log`),
    next: `check that ${language} works: its output is above`,
    cwd: folder,
  });
  stamp(stampOf(program), digestOfSources(program));
}
