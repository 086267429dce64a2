import { ToolError } from '../../cli/tool-error.ts';

/** What can go wrong on purpose, with the meaning and the default of its figure. */
const KINDS = {
  kill: { figure: undefined, fallback: 0 },
  reset: { figure: undefined, fallback: 0 },
  delay: { figure: 'ms', fallback: 200 },
  freeze: { figure: 'ms', fallback: 1000 },
  'full-tmp': { figure: 'kb', fallback: 1024 },
  'slow-init': { figure: 'ms', fallback: 2000 },
} as const;

export type FaultName = keyof typeof KINDS;

/** One kind of fault, as asked for. */
export interface FaultShare {
  /** From 0 to 1, of invocations, or of starts. */
  readonly chance: number;
  /** Milliseconds, or what is left in `/tmp` in kB, as the kind has it. */
  readonly figure: number;
}

/** What is asked for. */
export type Faults = Readonly<Partial<Record<FaultName, FaultShare>>>;

/** For the help text. */
export const FAULTS_SYNTAX = 'KIND=CHANCE[:FIGURE],...';
const ITEM = /^([a-z-]+)=(0(?:\.\d+)?|1(?:\.0+)?|\.\d+)(?::(\d{1,7})(ms|kb)?)?$/;

/**
 * Reads what `--faults` asks for, such as `kill=0.1,delay=0.2:500ms`.
 *
 * @param text kinds with their chances, with commas between them
 * @throws {ToolError} `USAGE` for what is none, or comes twice
 */
export function parseFaults(text: string): Faults {
  const faults: Partial<Record<FaultName, FaultShare>> = {};
  for (const item of text.split(',')) {
    const [, name = '', chance, figure, unit] = ITEM.exec(item.trim()) ?? [];
    if (!isFaultName(name))
      throw unusable(item, `one of ${Object.keys(KINDS).join(', ')}, as ${FAULTS_SYNTAX}`);
    const kind = KINDS[name];
    if (faults[name] !== undefined) throw unusable(item, `each kind once, and "${name}" came already`);
    if (figure !== undefined && kind.figure === undefined)
      throw unusable(item, `a chance alone for "${name}"`);
    if (unit !== undefined && unit !== kind.figure) throw unusable(item, `${kind.figure} for "${name}"`);
    faults[name] = { chance: Number(chance), figure: figure === undefined ? kind.fallback : Number(figure) };
  }
  return faults;
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(KINDS, name);
}

function unusable(item: string, wanted: string): ToolError {
  return new ToolError('USAGE', `Cannot use --faults "${item}", expected ${wanted}`);
}
