import type { Kit } from './kit.ts';

/** What a handler, or the client below it, can do; a bootstrap declares what it cannot. */
export const FEATURES = {
  echo: 'answers the event itself',
  throw: 'answers with a function error',
  reject: 'fails asynchronously',
  'throw-value': 'throws what is no error',
  stream: 'streams its result',
  'stream-http': 'streams a result with status and headers before it',
  exit: 'ends its own process',
  wait: 'goes on once a file is there',
  context: 'reads the invocation’s context',
  env: 'reads variables, those of the running invocation among them',
  large: 'answers as many bytes as asked for',
  unwritable: 'answers what cannot become JSON',
  nothing: 'answers nothing',
  state: 'keeps state between invocations',
  json: 'parses events',
  init: 'may fail before the client runs, which tells of it',
  exports: 'has several handlers, of which the function’s setting names one',
  concurrency: 'takes several events at once',
  log: 'writes log lines',
  'log-json': 'has the log format JSON',
  'log-frames': 'writes log lines to the descriptor that Lambda names',
  'snapshot-hooks': 'calls hooks of the function round a snapshot',
  'shutdown-hook': 'registers as an extension for a function that wants SIGTERM, and lets it run code then',
  'interim-100': 'reads over a "100 Continue" that it did not ask for',
} as const;

export type Feature = keyof typeof FEATURES;

/** A rule of the contract, and how a bootstrap is seen to keep it. */
export interface ConformanceCase {
  readonly name: string;
  /** What the contract says, in a sentence. */
  readonly clause: string;
  /** Where it says so: repository and path, or a document's title. */
  readonly source: string;
  /** What the kit does. */
  readonly does: string;
  /** What is to be seen. */
  readonly expects: string;
  readonly needs?: readonly Feature[];
  /** What proves a client wrong that fails it. */
  readonly proof?: string;
  /** Lambda's variables beyond the usual. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether Lambda names a descriptor for log lines. */
  readonly hasLogDescriptor?: true;
  /** Whether Lambda refuses extensions. */
  readonly refusesExtensions?: true;
  /** Which export of the handler's module serves; `missing` is none. */
  readonly entry?: 'handler' | 'stream' | 'missing';
  /** Ends without an error when the contract was kept. */
  run(kit: Kit): Promise<void>;
}

/** Cases about one thing. */
export interface Group {
  readonly name: string;
  readonly cases: readonly ConformanceCase[];
}
