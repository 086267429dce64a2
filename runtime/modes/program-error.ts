import { PilotlightError } from '../errors.ts';
import { describeEnd, endCode } from '../supervisor/exit-error.ts';
import type { WorkerEnd } from '../supervisor/worker-process.ts';

/**
 * The error for a program that failed: the one that it wrote as its result, a JSON object with an `errorType`, else how
 * it ended, with its last output as the trace.
 *
 * @param end how it ended
 * @param output what it wrote as its result
 */
export function programError(end: WorkerEnd, output: Buffer): PilotlightError {
  const { startError, lastOutput } = end;
  if (startError !== undefined)
    return new PilotlightError('WORKER_START_FAILED', `Cannot start the program: ${startError.message}`, {
      cause: startError,
    });
  const told = parseToldError(output);
  if (told !== undefined) {
    const { errorType, errorMessage, trace } = told;
    return new PilotlightError(endCode(end), errorMessage, { errorType, trace: trace ?? lastOutput });
  }
  return new PilotlightError(endCode(end), `Cannot answer the invocation: ${describeEnd(end)}`, {
    trace: lastOutput,
  });
}

function parseToldError(output: Buffer) {
  // A large result is none.
  if (output.length > 2 ** 18 || !output.includes('"errorType"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(String(output));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { errorType, errorMessage, trace } = value as Readonly<Record<string, unknown>>;
  if (typeof errorType !== 'string') return undefined;
  return {
    errorType,
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
    trace: Array.isArray(trace)
      ? trace.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      : undefined,
  };
}
