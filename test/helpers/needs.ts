import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import {
  AWS_CLI,
  BWRAP,
  CDK_FOLDER,
  CHROMIUM,
  CRYSTAL_COMPILER,
  CURL,
  EVENT_SAMPLES,
  GO_PEER,
  HCLFMT,
  KIT_HANDLERS,
  LAYERS_FOLDER,
  LUAJIT,
  MOTO_FOLDER,
  NPM_10,
  PHP,
  PHP_CURL,
  PYTHON_PEER,
  QEMU_AARCH64,
  RIC_FOLDER,
  RUST_PEER,
  SCRIPT,
  SEED_PROGRAMS,
  SERVERLESS_FOLDER,
  SETUP_FOLDER,
  WEB_ADAPTER_PEER,
} from './clients.ts';

/** Every program that tests need beyond npm, and the file that is there once it is installed completely. */
export const PROGRAMS = {
  aws: AWS_CLI,
  bwrap: BWRAP,
  script: SCRIPT,
  luajit: LUAJIT,
  'qemu-aarch64': process.arch === 'arm64' ? '/' : QEMU_AARCH64,
  chromium: CHROMIUM,
  boto3: join(SETUP_FOLDER, 'python/installed'),
  moto: join(MOTO_FOLDER, 'installed'),
  npm10: join(NPM_10, '../../installed'),
  'aws-lambda-ric': join(RIC_FOLDER, 'installed'),
  awslambdaric: join(PYTHON_PEER, 'installed'),
  'aws-lambda-go': join(GO_PEER, 'installed'),
  lambda_runtime: join(RUST_PEER, 'installed'),
  lambda_web_adapter: join(WEB_ADAPTER_PEER, 'installed'),
  'kit-go': join(KIT_HANDLERS, 'go-handler.stamp'),
  'kit-rust': join(KIT_HANDLERS, 'rust-handler.stamp'),
  'seed-go': join(SEED_PROGRAMS, 'go.stamp'),
  'seed-crystal': join(SEED_PROGRAMS, 'crystal.stamp'),
  'kit-crystal': join(KIT_HANDLERS, 'crystal-handler.stamp'),
  crystal: CRYSTAL_COMPILER,
  'php-layer': join(LAYERS_FOLDER, `interpreter-php-${MACHINE_ARCH}.zip`),
  'node26-layer': join(LAYERS_FOLDER, `interpreter-node26-${MACHINE_ARCH}.zip`),
  'event-samples': join(EVENT_SAMPLES, 'installed'),
  'cfn-lint': join(SETUP_FOLDER, 'cfn-lint/installed'),
  'aws-cdk-lib': join(CDK_FOLDER, 'installed'),
  serverless: join(SERVERLESS_FOLDER, 'installed'),
  hclfmt: `${HCLFMT}.stamp`,
  curl: CURL,
  php: PHP,
  'php-curl': PHP_CURL,
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/** Options of a test: nothing, a skip with its reason, or an aborted signal, which fails the test before it runs. */
export interface NeedsOptions {
  skip?: string;
  signal?: AbortSignal;
}

/**
 * Options for a test that runs programs from outside npm: `test('…', needs('bwrap'), async (t) => {…})`.
 * Where one is missing the test is skipped; with `CI` set it fails, so that nothing goes untested there unseen.
 *
 * @param programs what the test runs
 * @returns options to pass to the test or to spread into others
 */
export function needs(...programs: ProgramName[]): NeedsOptions {
  return optionsFor(
    programs.filter((name) => !existsSync(PROGRAMS[name])),
    isSet(process.env.CI),
  );
}

/**
 * What a test does when programs are missing.
 *
 * @param missing names of the programs that are not installed
 * @param strict whether that is a failure instead of a skip
 * @returns options of the test
 */
export function optionsFor(missing: readonly string[], strict: boolean): NeedsOptions {
  if (missing.length === 0) return {};
  const reason = `${missing.join(' and ')} not installed: run make setup`;
  return strict ? { signal: AbortSignal.abort(new Error(reason)) } : { skip: reason };
}

/**
 * Reads a variable that switches something on, as CI systems set it.
 *
 * @param value the variable's value
 * @returns true unless it is unset, empty, `0` or `false`
 */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
