/** What is compared, each found in a column of its own. */
export const ASPECTS = ['answers', 'errors', 'context', 'logs', 'streams'] as const;

export type Aspect = (typeof ASPECTS)[number];

/** Handlers of the bundle: both run in functions of their own, the second one logs in JSON. */
export type ProbedHandler = 'handler' | 'stream';

/** One thing to ask of the bundle. */
export interface Probe {
  readonly aspect: Aspect;
  readonly name: string;
  readonly handler: ProbedHandler;
  readonly event: unknown;
}

const ECHOES: Readonly<Record<string, unknown>> = {
  null: null,
  text: 'ä€𝄞 "\\ \n',
  'empty ones': [{}, [], '', 0, false],
  nested: { a: [{ b: { c: [1, 2.5, -3e-9] } }], 'ä b': null },
};
const ANSWERS = [
  ...['nothing', 'a function', 'a symbol', 'a date', 'an instance', 'a map and a set', 'numbers', 'bytes'],
  ...['own form', 'lone surrogate', 'keys in order', 'a buffer', 'an error', 'large'],
];
const ERRORS = [
  ...['throws', 'throws late', 'own class', 'with a cause', 'several at once', 'a string', 'nothing'],
  ...['an object', 'no words', 'a big integer', 'a cycle', 'engine: property of undefined'],
  ...['engine: call of a number', 'engine: unreadable JSON', 'engine: deep recursion'],
  ...['uncaught in a timer', 'unheard rejection', 'never settles', 'exits'],
];
const LOGS = [
  ...['text', 'levels', 'formats', 'several lines', 'values', 'an object', 'deep objects', 'maps and sets'],
  ...['an instance', 'an error', 'error among words', 'unicode', 'nothing', 'by the stream', 'from a timer'],
];
const STREAMS: Readonly<Record<string, unknown>> = {
  chunks: { chunks: 3, chunkBytes: 5 },
  empty: { chunks: 0, chunkBytes: 0 },
  'a megabyte': { chunks: 100, chunkBytes: 10_000 },
  prelude: { does: 'prelude' },
  'fails before the first byte': { does: 'fail early' },
  'fails after the last byte': { does: 'fail late', chunks: 2, chunkBytes: 4 },
};

/** All of them, in the order in which they are asked; those that cost the worker its life stand last. */
export const PROBES: readonly Probe[] = [
  ...Object.entries(ECHOES).map(([name, value]) =>
    probe('answers', `echo of ${name}`, { does: 'echo', value }),
  ),
  ...ANSWERS.map((value) => probe('answers', value, { does: 'answer', value })),
  probe('context', 'all of it', { does: 'context' }),
  ...LOGS.map((value) => probe('logs', value, { does: 'log', value })),
  ...LOGS.filter((value) => value !== 'from a timer').map(
    (value): Probe => ({
      aspect: 'logs',
      name: `JSON: ${value}`,
      handler: 'stream',
      event: { does: 'log', value },
    }),
  ),
  ...ERRORS.map((value) => probe('errors', value, { does: 'fail', value })),
  ...Object.entries(STREAMS).map(
    ([name, event]): Probe => ({ aspect: 'streams', name, handler: 'stream', event }),
  ),
];

function probe(aspect: Aspect, name: string, event: unknown): Probe {
  return { aspect, name, handler: 'handler', event };
}
