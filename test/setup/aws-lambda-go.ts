import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseGoVersions, writeVersions } from '../bench/peers/versions.ts';
import { GO_PEER } from '../helpers/clients.ts';
import { PROGRAMS } from '../helpers/needs.ts';
import { findProgram, GO } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { digestOf, isStamped, stamp } from './stamp.ts';
import type { Step, StepContext } from './step.ts';

const SOURCE = join(import.meta.dirname, '../bench/peers/go');
const MODULE = 'github.com/aws/aws-lambda-go';

/** Builds the benchmark's handler with the official Go client of the Runtime API. */
export const awsLambdaGo: Step = {
  name: 'aws-lambda-go',
  missing: () => (isStamped(PROGRAMS['aws-lambda-go'], digest()) ? [] : ['aws-lambda-go']),
  install,
};

function digest(): string {
  const files = ['main.go', 'go.mod', 'go.sum'].map((name) => readFileSync(join(SOURCE, name), 'utf8'));
  return digestOf([...files, process.arch]);
}

async function install({ environment, signal, logFolder }: StepContext): Promise<void> {
  const go = findProgram(GO, environment.PATH);
  const options = {
    // As for a function of the runtime "provided.al2023": without cgo it runs on any Linux.
    environment: { ...environment, CGO_ENABLED: '0' },
    signal,
    logFile: join(logFolder, 'aws-lambda-go.log'),
    next: `check that go reaches its module proxy; if it is too old, ${GO.next}`,
    cwd: SOURCE,
  };
  await rm(GO_PEER, { recursive: true, force: true });
  await mkdir(GO_PEER, { recursive: true });
  const binary = join(GO_PEER, 'bootstrap');
  await runCommand([go, 'build', '-trimpath', '-tags', 'lambda.norpc', '-o', binary, '.'], options);
  const versions = parseGoVersions(await runCommand([go, 'version', '-m', binary], options), MODULE);
  writeVersions(GO_PEER, { 'aws-lambda-go': versions.module, go: versions.go });
  stamp(PROGRAMS['aws-lambda-go'], digest());
}
