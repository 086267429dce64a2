import { globSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { EVENT_SAMPLES } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { CARGO, findProgram, GO } from './find-program.ts';
import { type CommandOptions, runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const MODULE = 'github.com/aws/aws-lambda-go';
/** Where the module is pinned already: samples and client are of one version. */
const MODULE_PINS = join(import.meta.dirname, '../bench/peers/go');
const CRATE = 'aws_lambda_events';
const CRATE_PINS = join(import.meta.dirname, 'event-samples');
/** The crate with all that it depends on: removed when its samples are copied. */
const CRATES_FOLDER = join(EVENT_SAMPLES, 'crates');

/** Fetches the samples of events that AWS's libraries for Go and Rust are tested with. */
export const eventSamples: Step = {
  name: 'samples of events',
  missing: () => (isStamped(PROGRAMS['event-samples'], digest()) ? [] : ['event-samples']),
  install,
};

function digest(): string {
  const files = [
    join(MODULE_PINS, 'go.mod'),
    join(MODULE_PINS, 'go.sum'),
    join(CRATE_PINS, 'Cargo.toml'),
    join(CRATE_PINS, 'Cargo.lock'),
  ];
  return digestOf(files.map((file) => readFileSync(file, 'utf8')));
}

async function install(context: StepContext): Promise<void> {
  const { environment, signal } = context;
  const logFile = join(context.logFolder, 'event-samples.log');
  const next = 'check that go reaches its module proxy and cargo crates.io, then run make setup again';
  const options = { environment, signal, logFile, next };
  await rm(EVENT_SAMPLES, { recursive: true, force: true });
  await copySamples(await fetchModule(options), '**/testdata/*.json', 'aws-lambda-go');
  await copySamples(await fetchCrate(options), 'src/fixtures/*.json', CRATE);
  await rm(CRATES_FOLDER, { recursive: true });
  stamp(PROGRAMS['event-samples'], digest());
}

/** Into Go's cache, which is read-only and the user's: it stays there. */
async function fetchModule(options: CommandOptions): Promise<string> {
  const go = findProgram(GO, options.environment.PATH);
  const inPins = { ...options, cwd: MODULE_PINS };
  await runCommand([go, 'mod', 'download', MODULE], inPins);
  return await runCommand([go, 'list', '-m', '-f', '{{.Dir}}', MODULE], inPins);
}

async function fetchCrate(options: CommandOptions): Promise<string> {
  const cargo = findProgram(CARGO, options.environment.PATH);
  const environment = {
    ...options.environment,
    // Where cargo lies in no folder of PATH, neither does the compiler that it calls.
    PATH: [dirname(cargo), options.environment.PATH].join(delimiter),
  };
  await runCommand([cargo, 'vendor', '--locked', '--quiet', CRATES_FOLDER], {
    ...options,
    environment,
    cwd: CRATE_PINS,
  });
  return join(CRATES_FOLDER, CRATE);
}

async function copySamples(from: string, pattern: string, name: string): Promise<void> {
  const files = globSync(pattern, { cwd: from });
  if (files.length === 0) {
    throw new ToolError('CANNOT', `Cannot find samples in "${from}": no file is called "${pattern}"`, {
      next: 'take a version that has them, or change the pattern in test/setup/event-samples.ts',
    });
  }
  for (const file of files) {
    const copy = join(EVENT_SAMPLES, name, file);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(join(from, file), copy);
  }
}
