import type { EchoLanguage } from './echo-functions.ts';

/** How long a worker lives: `PILOTLIGHT_MODE`. */
export type Mode = 'persistent' | 'spare' | 'process';

/** A worker, behind a bootstrap on another interpreter layer or on its own. */
export interface MatrixCandidate {
  readonly name: string;
  /** Interpreter layers; the bootstrap runs on the first one that can. */
  readonly layers: readonly string[];
  readonly mode: Mode;
  readonly variables: Readonly<Record<string, string>>;
  /** `bundle`: compared by its answers and measured; `echo`: measured alone; `start`: its cold start alone. */
  readonly runs: 'bundle' | 'echo' | 'start';
  /** What it is measured with. */
  readonly language: EchoLanguage;
}

/** All that run the same bundle. The bootstrap of all of them is on Node, so that only the workers differ. */
const INTERPRETERS = ['node', 'node26', 'deno', 'bun'] as const;
const MODES: readonly Mode[] = ['persistent', 'spare', 'process'];

/** What the others are compared with, and their figures related to. */
export const REFERENCE = nameOf('node', 'persistent');
/** Bootstrap and worker on Node, one started after the other: what cold starts are related to. */
export const PLAIN_PAIR = 'node plain pair';

/** In the order of the table. */
export const CANDIDATES: readonly MatrixCandidate[] = [
  ...INTERPRETERS.flatMap((interpreter) => MODES.map((mode) => bundled(interpreter, mode))),
  echo('php', 'persistent', ['node', 'php']),
  echo('crystal', 'persistent', ['node']),
  echo('bash', 'process', ['node']),
  alone(PLAIN_PAIR, 'node', { PILOTLIGHT_LAUNCH: 'node' }),
  alone('node26 alone', 'node26'),
  alone('deno alone', 'deno'),
  alone('bun alone', 'bun'),
];

function bundled(interpreter: string, mode: Mode): MatrixCandidate {
  return {
    name: nameOf(interpreter, mode),
    layers: [...new Set(['node', interpreter])],
    mode,
    variables: { PILOTLIGHT_INTERPRETER: interpreter, ...variablesOf(mode) },
    runs: 'bundle',
    language: 'javascript',
  };
}

function echo(language: EchoLanguage, mode: Mode, layers: readonly string[]): MatrixCandidate {
  return { name: nameOf(language, mode), layers, mode, variables: variablesOf(mode), runs: 'echo', language };
}

function alone(
  name: string,
  interpreter: string,
  variables: MatrixCandidate['variables'] = {},
): MatrixCandidate {
  return {
    name,
    layers: [interpreter],
    mode: 'persistent',
    variables,
    runs: 'start',
    language: 'javascript',
  };
}

function variablesOf(mode: Mode): MatrixCandidate['variables'] {
  return mode === 'persistent' ? {} : { PILOTLIGHT_MODE: mode };
}

function nameOf(interpreter: string, mode: Mode): string {
  return `${interpreter} ${mode}`;
}
