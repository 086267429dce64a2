import { type ErrorCode, PilotlightError } from '../errors.ts';
import type { WorkerEnd } from './worker-process.ts';

/** Of a worker that no invocation has reached yet. */
export const NO_INVOCATION = '-';
const MIB = 1024 * 1024;

/**
 * The error for a worker that ended: what was to be done, how it ended, how much memory it had, and its last output as
 * the trace.
 *
 * @param code the code, or `undefined` for the one that says how a worker ended in an invocation
 * @param action what could not be done
 * @param end how the worker ended
 * @param requestId whose error it is: log lines of other invocations are left out
 */
export function exitError(
  code: ErrorCode | undefined,
  action: string,
  end: WorkerEnd,
  requestId: string,
): PilotlightError {
  const { startError, lastLine, lastOutput } = end;
  if (startError !== undefined)
    return new PilotlightError(code ?? 'WORKER_EXITED', `${action}: ${startError.message}`, {
      cause: startError,
    });
  const memory = describeMemory(lastLine?.peakMemoryBytes ?? end.report?.peakMemoryBytes);
  const log = lastLine?.requestId === requestId ? lastLine.log : [];
  const message = `${action}: ${describeEnd(end)}; ${memory}${adviceFor(end)}`;
  return new PilotlightError(code ?? endCode(end), message, {
    trace: [...log, ...lastOutput],
  });
}

/**
 * How a worker ended, in a few words.
 *
 * @param end its end
 */
export function describeEnd({ signal, exitCode, report, ranOutOfMemory }: WorkerEnd): string {
  if (report?.isHeapFull) {
    const used = report.heapBytes === undefined ? '' : ` with ${toMib(report.heapBytes)} in use`;
    return `the worker's heap was full${used}`;
  }
  if (ranOutOfMemory) return 'the kernel killed the worker for lack of memory';
  const reason = report === undefined ? '' : ` (${report.event})`;
  if (signal !== undefined) return `the worker was ended by ${signal}${reason}`;
  if (exitCode === undefined) return 'the worker ended, and the system does not tell how';
  return `the worker exited with code ${exitCode}${reason}`;
}

/**
 * How much memory a worker had, for a message.
 *
 * @param bytes the most it had at once, where that is known
 */
export function describeMemory(bytes: number | undefined): string {
  return `peak memory ${Number.isFinite(bytes) ? toMib(bytes as number) : 'not known'}`;
}

function adviceFor({ report, ranOutOfMemory }: WorkerEnd): string {
  if (report?.isHeapFull) return "; raise the function's memory, or PILOTLIGHT_HEAP_MIB";
  return ranOutOfMemory ? "; raise the function's memory" : '';
}

function toMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/**
 * The code that says how a worker ended in an invocation.
 *
 * @param end its end
 */
export function endCode({ signal, report, ranOutOfMemory }: WorkerEnd): ErrorCode {
  if (report?.isHeapFull || ranOutOfMemory) return 'OUT_OF_MEMORY';
  if (signal === 'SIGABRT') return 'WORKER_ABORTED';
  return signal === undefined ? 'WORKER_EXITED' : 'WORKER_KILLED';
}
