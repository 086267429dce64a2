import { parseArgs } from 'node:util';
import type { Output } from './output.ts';
import { ToolError } from './tool-error.ts';

/** One option of a verb, from which both the parsing and the help text are made. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** What stands for the value in the help text, for example `DIR`. */
  readonly value?: string;
  readonly describe: string;
  /** The value when the option is given without one. */
  readonly bare?: string;
  /** The default as the help text shows it; the verb itself applies it. */
  readonly fallback?: string;
}

/** What a verb gets to work with once its arguments were read. */
export interface Call {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly output: Output;
  /** Aborted by Ctrl-C and SIGTERM; the verb cleans up and returns. */
  readonly signal: AbortSignal;
}

/** A verb of the command line. Its name and summary stand in the table of `cli.ts`. */
export interface Verb {
  /** The arguments after the verb's name, for example `DIR [options]`. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly minPositionals: number;
  readonly maxPositionals: number;
  /** Lines of examples for the help text. */
  readonly examples: readonly string[];
  /** Does the work; the result is the exit code: 0 done, 1 something was found. Other codes come from errors. */
  run(call: Call): Promise<number>;
}

const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', describe: 'print the result as JSON' },
  quiet: { type: 'boolean', describe: 'print the result and errors only' },
  verbose: { type: 'boolean', describe: 'say each step' },
  help: { type: 'boolean', describe: 'show this text' },
};

/**
 * Reads a verb's arguments.
 *
 * @param verb the verb
 * @param args what follows the verb's name
 * @returns values by option name, and the positionals
 * @throws {ToolError} `USAGE` for an unknown option, a missing value or too few or many arguments
 */
export function parseVerb(verb: Verb, args: readonly string[]): Pick<Call, 'values' | 'positionals'> {
  const options = Object.fromEntries(
    Object.entries({ ...verb.options, ...COMMON_OPTIONS }).map(([name, spec]) => [
      name,
      { type: spec.type, multiple: spec.multiple ?? false },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: args.map((arg) => withBareValue(verb, arg)),
      options,
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    throw new ToolError('USAGE', (error as Error).message, { cause: error });
  }
  const values = parsed.values as Call['values'];
  if (values.help) return { values, positionals: parsed.positionals };
  const count = parsed.positionals.length;
  if (count < verb.minPositionals) throw new ToolError('USAGE', `Expected ${verb.usage}`);
  if (count > verb.maxPositionals) {
    throw new ToolError('USAGE', `Unexpected argument "${parsed.positionals[verb.maxPositionals]}"`);
  }
  return { values, positionals: parsed.positionals };
}

/** `--inspect` alone means `--inspect=9229`; parseArgs knows no option whose value may be left out. */
function withBareValue(verb: Verb, arg: string): string {
  const bare = arg.startsWith('--') ? verb.options[arg.slice(2)]?.bare : undefined;
  return bare === undefined ? arg : `${arg}=${bare}`;
}

function valueText({ type, value = 'VALUE', bare }: OptionSpec): string {
  if (type === 'boolean') return '';
  return bare === undefined ? ` ${value}` : `[=${value}]`;
}

/**
 * The help text of a verb.
 *
 * @param name the verb's name
 * @param summary one sentence on what it does
 * @param verb the verb
 */
export function helpText(name: string, summary: string, verb: Verb): string {
  const lines = [`pilotlight ${name} ${verb.usage}`, '', `${summary}.`, ''];
  const specs = Object.entries({ ...verb.options, ...COMMON_OPTIONS });
  const heads = specs.map(([option, spec]) => `  --${option}${valueText(spec)}`);
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  for (const [index, [, spec]] of specs.entries()) {
    const fallback = spec.fallback === undefined ? '' : ` (${spec.fallback})`;
    lines.push(`${heads[index]?.padEnd(width)}${spec.describe}${fallback}`);
  }
  if (verb.examples.length > 0) lines.push('', ...verb.examples.map((example) => `  $ ${example}`));
  return `${lines.join('\n')}\n`;
}
