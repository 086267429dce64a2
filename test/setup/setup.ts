// Installs what some tests need beyond npm: `make setup`. What is there already is left alone.
import { join } from 'node:path';
import process from 'node:process';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { SETUP_FOLDER } from '../helpers/clients.ts';
import { boto3 } from './boto3.ts';
import { commandEnvironment } from './command-environment.ts';
import { debianPackages } from './debian-packages.ts';
import { ric } from './ric.ts';
import type { StepContext } from './step.ts';

/** In this order: the packages bring the Python and the compilers of the others. */
const STEPS = [debianPackages, boto3, ric];
const INTERRUPTED_EXIT_CODE = 130;

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stderr.write('\nstopping; a package installation that has begun is finished first\n');
    controller.abort();
  });
}

try {
  await setUp({
    environment: commandEnvironment(process.env),
    signal: controller.signal,
    logFolder: join(SETUP_FOLDER, 'log'),
  });
} catch (error) {
  if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
  if (!(error instanceof ToolError)) throw error;
  process.stderr.write(`${error.code}  ${error.message}\n  next  ${error.next}\n`);
  process.exit(error.exitCode);
}

async function setUp(context: StepContext): Promise<void> {
  const startedAt = performance.now();
  for (const step of STEPS) {
    const missing = step.missing();
    if (missing.length === 0) {
      say(`${step.name}: there`);
      continue;
    }
    say(`${step.name}: installing ${missing.join(' ')}`);
    const stepStartedAt = performance.now();
    await step.install(context);
    say(`${step.name}: installed in ${secondsSince(stepStartedAt)}`);
  }
  say(`setup took ${secondsSince(startedAt)}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
