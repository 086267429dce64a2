import { availableParallelism } from 'node:os';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call } from '../../runtime/cli/verb.ts';
import { parseNumber } from '../../runtime/emulator/cli-options.ts';
import { minEventBytes } from './driver/event-body.ts';
import type { Placement } from './result.ts';
import type { Scenario } from './scenario.ts';
import { firstScenario, quick, SUITE, singleScenario } from './suite.ts';

const PLACEMENTS: readonly Placement[] = ['split', 'one', 'free'];
const DEFAULT_BYTES = 150;
/** Lambda's limit for an event, in bytes. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const MAX_ROUNDS = 1_000;
const MAX_FIRST = 100_000;
const ABOUT_OUTPUT = ['baseline', 'html', 'json', 'quiet', 'verbose'];

/**
 * What the options say is to be measured.
 *
 * @param values of the command line
 * @param processors how many there are
 * @throws {ToolError} `USAGE` for a value that cannot be used
 */
export function scenariosOf(
  values: Call['values'],
  processors = availableParallelism(),
): readonly Scenario[] {
  const { size, placement, first, rounds } = values;
  const isWhole = [size, placement, first].every((value) => value === undefined);
  const asked = isWhole ? suiteFor(processors) : [single(size, placement, first)];
  const cut = values.quick === true ? asked.map(quick) : asked;
  if (rounds === undefined) return cut;
  const count = parseNumber('rounds', rounds, 1, MAX_ROUNDS);
  return cut.map((scenario) => ({ ...scenario, rounds: count }));
}

/** With one processor, what can be measured on one. */
function suiteFor(processors: number): readonly Scenario[] {
  return processors < 2 ? SUITE.filter((scenario) => scenario.placement === 'free') : SUITE;
}

function single(size: unknown, text: unknown, first: unknown): Scenario {
  const placement = PLACEMENTS.find((name) => name === (text ?? 'split'));
  if (placement === undefined) {
    throw new ToolError('USAGE', `Unknown placement "${text}", expected ${PLACEMENTS.join(', ')}`);
  }
  const bytes = parseNumber('size', size ?? DEFAULT_BYTES, minEventBytes(), MAX_EVENT_BYTES);
  if (first === undefined) return singleScenario(placement, bytes);
  return firstScenario(placement, bytes, parseNumber('first', first, 1, MAX_FIRST));
}

/** The command that makes a run again. */
export function commandOf(values: Call['values']): string {
  const words = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false || ABOUT_OUTPUT.includes(name)) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().flatMap((one) => [`--${name}`, quoted(String(one))]);
  });
  return ['pilotlight bench', ...words].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
