import { sourceOf } from './test-function.ts';

/** Code that must not serve. */
export interface BrokenCode {
  readonly name: string;
  /** The bundle; undefined: what is sent is no zip. */
  readonly source: string | undefined;
  /** What the refusal says. */
  readonly reason: RegExp;
  /** It takes the whole of Lambda's ten seconds for an init to find out. */
  readonly isSlow?: true;
}

const GOOD = sourceOf('broken');

/** One of each kind; a run takes them in turn. */
export const BROKEN_CODE: readonly BrokenCode[] = [
  { name: 'syntax error', source: `${GOOD}const = 1;`, reason: /UserCodeSyntaxError/ },
  {
    name: 'throws at init',
    source: `throw new TypeError('planted');\n${GOOD}`,
    reason: /TypeError: planted/,
  },
  { name: 'no handler', source: 'export const other = 1;', reason: /HandlerNotFound/ },
  { name: 'handler is no function', source: 'export const handler = 1;', reason: /HandlerNotFound/ },
  { name: 'exits at init', source: `process.exit(7);\n${GOOD}`, reason: /WorkerStartFailed/ },
  { name: 'ends well at init', source: `process.exit(0);\n${GOOD}`, reason: /WorkerStartFailed/ },
  {
    name: 'is killed at init',
    source: `process.kill(process.pid, 'SIGKILL');\n${GOOD}`,
    reason: /WorkerStartFailed|Killed/,
  },
  {
    name: 'rejects at init',
    source: `await Promise.reject(new Error('planted'));\n${GOOD}`,
    reason: /planted/,
  },
  { name: 'module is missing', source: `import 'not-there';\n${GOOD}`, reason: /ImportModuleError/ },
  { name: 'not a zip', source: undefined, reason: /unzip/ },
  { name: 'hangs at init', source: `for (;;);\n${GOOD}`, reason: /Timedout/, isSlow: true },
];
