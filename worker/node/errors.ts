import type { FunctionError } from '../protocol.ts';

/** A failure that the host itself names; `errorType` is its stable code and goes to the caller. */
export class HostError extends Error {
  readonly errorType: string;

  constructor(errorType: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HostError';
    this.errorType = errorType;
  }
}

/** Turns a stack into one that names the sources; without a source map it returns the stack as it is. */
export type MapStack = (stack: string) => string;

/**
 * Describes whatever was thrown as Lambda's callers know it, even when its own getters throw.
 * @param thrown - what a handler threw, rejected with or gave to its callback
 * @param mapStack - applied to the stack of an error
 * @returns the error's name, message and stack; `typeof` and text for what is no error
 */
export function describeError(thrown: unknown, mapStack: MapStack = (stack) => stack): FunctionError {
  try {
    if (thrown instanceof HostError)
      return describe(thrown.errorType, thrown.message, causeTrace(thrown, mapStack));
    if (!isErrorLike(thrown)) return describe(typeof thrown, String(thrown), []);
    return describe(String(thrown.name), String(thrown.message), traceOf(thrown, mapStack));
  } catch {
    return describe('handled', 'Cannot describe what was thrown: reading it throws', []);
  }
}

/** Properties that are described already, or that are the host's own. */
const DESCRIBED = new Set(['name', 'message', 'stack', 'errorType', 'errorMessage']);

/**
 * Reads what an error says beside name, message and stack, for the log.
 * @param thrown - what was thrown
 * @returns its own properties, such as `code`, its cause, and the errors that it stands for; empty when reading it throws
 */
export function errorFields(thrown: unknown): Readonly<Record<string, unknown>> {
  try {
    if (!isErrorLike(thrown)) return {};
    const fields = Object.entries(thrown).filter(([name]) => !DESCRIBED.has(name));
    for (const name of ['cause', 'errors'] as const) {
      const value = thrown[name];
      if (value !== undefined) fields.push([name, Array.isArray(value) ? value.map(brief) : brief(value)]);
    }
    return Object.fromEntries(fields);
  } catch {
    return {};
  }
}

/**
 * Makes the category for metrics and logs. Lambda keeps what contains `(Runtime|Function)\.[A-Z][a-zA-Z]+` and
 * books all else as `Runtime.Unknown`, as if the runtime had failed: so an error's own name gets `Function.`.
 * @param errorType - the type in the error's body
 * @returns a value of ASCII letters, digits, `_` and dots, safe as a header
 */
export function errorCategory(errorType: string): string {
  if (/^(?:Runtime|Function)\.[A-Z][a-zA-Z][\w.]{0,200}$/.test(errorType)) return errorType;
  return /^[A-Z][a-zA-Z][\w.]{0,200}$/.test(errorType) ? `Function.${errorType}` : 'Function.Unknown';
}

/** One line in place of an error, which JSON would show as `{}`. */
function brief(value: unknown): unknown {
  return isErrorLike(value) ? `${value.name}: ${value.message}` : value;
}

function describe(errorType: string, errorMessage: string, trace: readonly string[]): FunctionError {
  return {
    errorType: withoutDel(errorType),
    errorMessage: withoutDel(errorMessage),
    trace: trace.map(withoutDel),
  };
}

/** The host's own frames tell a user nothing: only what caused the failure has a trace. */
function causeTrace(error: HostError, mapStack: MapStack): readonly string[] {
  return isErrorLike(error.cause) ? traceOf(error.cause, mapStack) : [];
}

function traceOf(error: ErrorLike, mapStack: MapStack): readonly string[] {
  return mapStack(String(error.stack)).split('\n');
}

interface ErrorLike {
  readonly name: unknown;
  readonly message: unknown;
  readonly stack: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** By shape: errors of another realm (`node:vm`) are no instances of our `Error`. */
function isErrorLike(thrown: unknown): thrown is ErrorLike {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'name' in thrown &&
    'message' in thrown &&
    'stack' in thrown
  );
}

/** DEL is no legal header character, and clients copy these texts into headers. */
function withoutDel(text: string): string {
  return text.replaceAll('\x7f', '%7F');
}
