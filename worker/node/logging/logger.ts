import type { FunctionError } from '../../protocol.ts';
import type { InvocationScope, Scopes } from './invocation-scope.ts';
import { jsonLine } from './json-line.ts';
import { LastLines } from './last-lines.ts';
import { type Level, levelFilter } from './level.ts';
import { type FormatLine, textLine } from './log-line.ts';
import { chooseOutput } from './log-output.ts';
import { createTimestamp } from './timestamp.ts';

/** Writes log lines; each is written whole before the call returns. */
export interface Logger {
  /** Whether lines of a level are wanted. */
  isWanted(level: Level): boolean;
  /** Writes what was given to the console. */
  log(level: Level, values: readonly unknown[]): void;
  /**
   * Tells of a failure, in the runtime's own name.
   * @param title - which kind, such as `Invoke Error`
   * @param error - what callers see of it
   * @param fields - further properties of what was thrown
   * @param scope - the invocation that it belongs to
   */
  logError(
    title: string,
    error: FunctionError,
    fields: Readonly<Record<string, unknown>>,
    scope: InvocationScope | undefined,
  ): void;
  /** The last lines of the code that asks, and the id of its invocation. */
  last(): { readonly requestId: string; readonly lines: readonly string[] };
}

/** Outside of all invocations. */
const NO_REQUEST_ID = '-';
/** Taken before user code runs, which may replace it to stop the time. */
const { now } = Date;

/**
 * Makes the logger of a worker, in the format and for the levels that the function's settings ask for.
 * @param environment - the process's variables
 * @param scopes - tells which invocation a line belongs to
 * @returns the logger
 */
export function createLogger(environment: NodeJS.ProcessEnv, scopes: Scopes): Logger {
  const isJson = environment.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  const isWanted = levelFilter(environment.AWS_LAMBDA_LOG_LEVEL);
  const output = chooseOutput(environment, isJson);
  const format: FormatLine = isJson ? jsonLine : textLine;
  const timestamp = createTimestamp();
  const lastLines = new LastLines();

  function write(level: Level, scope: InvocationScope | undefined, values: readonly unknown[]): void {
    const timeMs = now();
    const requestId = scope?.requestId ?? NO_REQUEST_ID;
    const head = { timestamp: timestamp(timeMs), level, requestId, tenantId: scope?.tenantId };
    const line = format(head, values);
    lastLines.add(requestId, line);
    output(level, timeMs, line);
  }

  return {
    isWanted,
    log: (level, values) => write(level, scopes.current(), values),
    logError(title, { errorType, errorMessage, trace }, fields, scope) {
      if (!isWanted('ERROR')) return;
      const shown = { errorType, errorMessage, ...showable(fields) };
      const value = isJson
        ? { ...shown, stackTrace: trace }
        : `${title}\t${JSON.stringify({ ...shown, stack: trace })}`;
      write('ERROR', scope, [value]);
    },
    last() {
      const requestId = scopes.current()?.requestId ?? NO_REQUEST_ID;
      return { requestId, lines: lastLines.of(requestId) };
    },
  };
}

/** Those fields that JSON can show, as it shows them: one that it cannot must not hide the failure. */
function showable(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    try {
      shown[name] = JSON.parse(JSON.stringify(value));
    } catch {
      // `undefined`, a BigInt, a circle.
    }
  }
  return shown;
}
