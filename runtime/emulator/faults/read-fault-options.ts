import { randomInt } from 'node:crypto';
import type { Call, OptionSpec } from '../../cli/verb.ts';
import { parseNumber } from '../cli-options.ts';
import { createFaultInjector, type FaultInjector } from './fault-injector.ts';
import { FAULTS_SYNTAX, parseFaults } from './parse-faults.ts';

const MAX_SEED = 2 ** 32 - 1;

/** Options for what goes wrong on purpose. */
export const FAULT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  faults: {
    type: 'string',
    value: FAULTS_SYNTAX,
    describe: 'have things go wrong: kill, reset, delay, freeze (ms), full-tmp (kB left), slow-init (ms)',
    fallback: 'none',
  },
  seed: { type: 'string', value: 'N', describe: 'draws the same faults again', fallback: 'any' },
};

/** Faults that are asked for, and how they are drawn. */
export interface ChosenFaults {
  readonly injector: FaultInjector;
  /** For the line that `dev` prints. */
  readonly text: string;
}

/**
 * Reads those options.
 *
 * @param values of the command line
 * @returns `undefined` when no fault is asked for
 * @throws {ToolError} `USAGE` for what cannot be used
 */
export function readFaultOptions(values: Call['values']): ChosenFaults | undefined {
  const seed =
    values.seed === undefined ? randomInt(MAX_SEED) : parseNumber('seed', values.seed, 0, MAX_SEED);
  if (values.faults === undefined) return undefined;
  const faults = parseFaults(String(values.faults));
  return { injector: createFaultInjector(faults, seed), text: `${values.faults}, seed ${seed}` };
}
