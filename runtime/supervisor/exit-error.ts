import { type ErrorCode, PilotlightError } from '../errors.ts';
import type { WorkerEnd } from './worker-process.ts';

/**
 * The error for a worker that ended: what was to be done, how it ended, and its last output as the trace.
 *
 * @param code the code, or `undefined` for the one that says how a worker ended in an invocation
 * @param action what could not be done
 * @param end how the worker ended
 */
export function exitError(code: ErrorCode | undefined, action: string, end: WorkerEnd): PilotlightError {
  return new PilotlightError(code ?? codeOf(end), `${action}: ${describe(end)}`, {
    trace: end.lastOutput,
    ...(end.startError === undefined ? {} : { cause: end.startError }),
  });
}

function describe(end: WorkerEnd): string {
  if (end.startError !== undefined) return end.startError.message;
  if (end.signal !== undefined) return `the worker was ended by ${end.signal}`;
  if (end.exitCode === undefined) return 'the worker ended, and the system does not tell how';
  return `the worker exited with code ${end.exitCode}`;
}

function codeOf(end: WorkerEnd): ErrorCode {
  if (end.signal === 'SIGABRT') return 'WORKER_ABORTED';
  return end.signal === undefined ? 'WORKER_EXITED' : 'WORKER_KILLED';
}
