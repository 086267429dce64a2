// Installs what some tests need beyond npm: `make setup`. With the argument `bench-peers` only the runtimes that the
// benchmark measures beside ours: `make bench-peers`. What is there already is left alone.
import { join } from 'node:path';
import process from 'node:process';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { SETUP_FOLDER } from '../helpers/clients.ts';
import { awsLambdaGo } from './aws-lambda-go.ts';
import { awslambdaric } from './awslambdaric.ts';
import { boto3 } from './boto3.ts';
import { cfnLint } from './cfn-lint.ts';
import { commandEnvironment } from './command-environment.ts';
import { debianPackages, peerPackages } from './debian-packages.ts';
import { eventSamples } from './event-samples.ts';
import { hclfmt } from './hclfmt.ts';
import { interpreterLayers } from './interpreter-layers.ts';
import { kitHandlers } from './kit-handlers.ts';
import { moto } from './moto.ts';
import { cdk, serverless } from './npm-programs.ts';
import { npm10 } from './npm10.ts';
import { ric } from './ric.ts';
import { rustPeers } from './rust-peers.ts';
import { seedPrograms } from './seed-programs.ts';
import type { Step, StepContext } from './step.ts';

const PEERS = [ric, awslambdaric, awsLambdaGo, rustPeers];
/** In this order: the packages bring the Python and the compilers of the others. */
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  setup: [
    debianPackages,
    boto3,
    moto,
    npm10,
    ...PEERS,
    ...kitHandlers,
    ...seedPrograms,
    ...interpreterLayers,
    eventSamples,
    cfnLint,
    hclfmt,
    cdk,
    serverless,
  ],
  'bench-peers': [peerPackages, ...PEERS],
};
const INTERRUPTED_EXIT_CODE = 130;

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stderr.write('\nstopping; a package installation that has begun is finished first\n');
    controller.abort();
  });
}

const what = process.argv[2] ?? 'setup';
try {
  const failures = await setUp(stepsOf(what), {
    environment: commandEnvironment(process.env),
    signal: controller.signal,
    logFolder: join(SETUP_FOLDER, 'log'),
  });
  process.exitCode = failures[0]?.exitCode ?? 0;
} catch (error) {
  if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
  if (!(error instanceof ToolError)) throw error;
  sayFailure(error);
  process.exitCode = error.exitCode;
}

function stepsOf(name: string): readonly Step[] {
  const steps = STEPS[name];
  if (steps !== undefined) return steps;
  const next = `name one of ${Object.keys(STEPS).join(', ')}`;
  throw new ToolError('USAGE', `Cannot install "${name}": nothing is known by that name`, { next });
}

/** A step that fails does not keep the others from being done: they seldom need each other. */
async function setUp(steps: readonly Step[], context: StepContext): Promise<ToolError[]> {
  const startedAt = performance.now();
  const failures: ToolError[] = [];
  for (const step of steps) {
    try {
      await take(step, context);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(error);
      sayFailure(error);
    }
  }
  const took = `took ${secondsSince(startedAt)}`;
  say(failures.length === 0 ? `${what} ${took}` : `${what} ${took}; ${failures.length} failed, see above`);
  return failures;
}

async function take(step: Step, context: StepContext): Promise<void> {
  const missing = step.missing();
  if (missing.length === 0) return say(`${step.name}: there`);
  say(`${step.name}: installing ${missing.join(' ')}`);
  const startedAt = performance.now();
  await step.install(context);
  say(`${step.name}: installed in ${secondsSince(startedAt)}`);
}

function sayFailure({ code, message, next }: ToolError): void {
  say(`${code}  ${message}\n  next  ${next}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
