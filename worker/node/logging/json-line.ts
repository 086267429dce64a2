import { formatValues, type LineHead } from './log-line.ts';

/**
 * Makes a line of JSON. A single argument keeps its form; several are put together as text, and the first error among
 * them has fields of its own beside it.
 * @param head - what stands before the message
 * @param values - the arguments
 * @returns the line
 */
export function jsonLine(head: LineHead, values: readonly unknown[]): string {
  const { timestamp, level, requestId, tenantId } = head;
  const fields = { timestamp, level, requestId, tenantId };
  const message = values.length === 1 ? tryStringify(values[0]) : undefined;
  if (message !== undefined) return `${JSON.stringify(fields).slice(0, -1)},"message":${message}}`;
  const error = values.length > 1 ? values.find(isError) : undefined;
  return JSON.stringify({
    ...fields,
    message: formatValues(values),
    ...(error && { errorType: typeOf(error), errorMessage: error.message, stackTrace: stackOf(error) }),
  });
}

/** `undefined` for what JSON does not know: a cycle, a BigInt, a function, a `toJSON` that throws. */
function tryStringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, part: unknown) => (isError(part) ? errorFields(part) : part));
  } catch {
    return undefined;
  }
}

/** An error's own properties are none that JSON would show. */
function errorFields(error: Error): Readonly<Record<string, unknown>> {
  return {
    errorType: typeOf(error),
    errorMessage: error.message,
    stackTrace: stackOf(error),
    cause: error.cause,
    ...('errors' in error && { errors: error.errors }),
    ...error,
  };
}

/** Errors of another realm are no instances of our `Error`, errors made by hand are none to Node. */
function isError(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value instanceof Error || process.getBuiltinModule('node:util').types.isNativeError(value))
  );
}

/** The class, as Lambda's own runtime says it: few classes of errors set a `name`. */
function typeOf(error: Error): string {
  return error.constructor?.name ?? 'UnknownError';
}

function stackOf({ stack }: Error): readonly string[] {
  return typeof stack === 'string' ? stack.split('\n') : [];
}
