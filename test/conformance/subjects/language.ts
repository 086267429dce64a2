import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Feature } from '../case.ts';
import { compile } from './compile.ts';

const HANDLERS = join(import.meta.dirname, '../handlers');

/** A language in which the kit has its handler. */
export interface Language {
  readonly without: Readonly<Partial<Record<Feature, string>>>;
  /** Puts the handler into a function's folder. */
  lay(taskFolder: string): Promise<void>;
}

function copies(source: string, ...targets: readonly string[]): Language['lay'] {
  return async (taskFolder) => {
    for (const target of targets) await copyFile(join(HANDLERS, source), join(taskFolder, target));
  };
}

const COMPILED = {
  'throw-value': 'the language has errors only',
  reject: 'a handler has one way to fail',
  nothing: 'a handler answers a value',
  init: 'the client runs after the function’s own start',
  'log-json': 'lines are the function’s own',
  'log-frames': 'lines are the function’s own',
  'snapshot-hooks': 'the kit’s handler registers none',
} as const;
const LOOP = {
  'log-json': 'lines are the function’s own',
  'log-frames': 'lines are the function’s own',
  'snapshot-hooks': 'the loop knows none',
  'shutdown-hook': 'the loop registers no extension',
} as const;

/** The languages by the names that `--language` takes. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  node: { without: {}, lay: copies('node/function.mjs', 'function.mjs', 'function.bundle.mjs') },
  python: {
    without: {
      stream: 'the client streams nothing',
      'stream-http': 'the client streams nothing',
      reject: 'a handler has one way to fail',
      'throw-value': 'the language has errors only',
      'shutdown-hook': 'the client registers no extension',
    },
    lay: copies('python/function.py', 'function.py'),
  },
  go: {
    without: COMPILED,
    lay: async () => {},
  },
  rust: {
    without: {
      ...COMPILED,
      unwritable: 'the type of the result is JSON',
      'shutdown-hook': 'the kit’s handler registers none',
    },
    lay: async () => {},
  },
  crystal: {
    without: {
      exports: 'the program is the handler, whatever the setting says',
      reject: 'a handler has one way to fail',
      'throw-value': 'the language has exceptions only',
    },
    lay: async (taskFolder) => copyFile(await compile('crystal'), join(taskFolder, 'function.bundle')),
  },
  php: {
    without: {
      ...LOOP,
      stream: 'the loop answers whole results',
      'stream-http': 'the loop answers whole results',
      reject: 'a handler has one way to fail',
      'throw-value': 'the language has errors only',
      concurrency: 'one event at a time',
    },
    lay: copies('php/function.php', 'function.php'),
  },
  'php-worker': {
    without: {
      reject: 'a handler has one way to fail',
      'throw-value': 'the language has errors only',
      concurrency: 'one event at a time',
      'log-frames':
        'PHP opens descriptors by number only where it was built without static-php-cli’s patches',
    },
    lay: copies('php-worker/function.php', 'function.bundle.php'),
  },
  bash: {
    without: {
      ...LOOP,
      stream: 'a loop of curl answers whole results',
      'stream-http': 'a loop of curl answers whole results',
      throw: 'the loop ends when its handler fails',
      reject: 'the loop ends when its handler fails',
      'throw-value': 'the loop ends when its handler fails',
      context: 'the handler gets the event alone',
      nothing: 'no output is an empty text',
      unwritable: 'the handler writes text',
      json: 'events are text',
      state: 'each event has a subshell of its own',
      concurrency: 'one event at a time',
      init: 'the loop has no such call',
    },
    lay: copies('bash/function.sh', 'function.sh'),
  },
  'bash-program': {
    without: {
      ...LOOP,
      stream: 'PILOTLIGHT_STREAM decides for all events, and a program names no content type',
      'stream-http': 'a program names no content type',
      reject: 'a program has one way to fail',
      'throw-value': 'a program has one way to fail',
      context: 'the handler gets the event alone',
      nothing: 'no output is an empty text',
      unwritable: 'the handler writes text',
      json: 'events are text',
      init: 'a program is started for an event, not before',
      exports: 'the program is the handler, whatever the setting says',
    },
    async lay(taskFolder) {
      await copies('bash/function.sh', 'function.sh')(taskFolder);
      await copies('bash-program/function.bundle.sh', 'function.bundle.sh')(taskFolder);
    },
  },
};
