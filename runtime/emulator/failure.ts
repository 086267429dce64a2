import type { Answer } from './invocation.ts';
import type { RuntimeExit } from './runtime-exit.ts';
import type { SandboxExit } from './sandbox/sandbox.ts';

const NO_BOOTSTRAP = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";

/** A failure that the platform reports in place of the function. Texts and types are those of AWS. */
export interface Failure {
  readonly answer: Answer;
  readonly errorType: string;
  readonly status: 'error' | 'timeout';
  /** What the log shows of it. */
  readonly logLines: readonly string[];
}

/**
 * The failure of an invocation whose time ran out.
 *
 * @param requestId of the invocation
 * @param timeoutMs the function's timeout in milliseconds
 */
export function timedOut(requestId: string, timeoutMs: number): Failure {
  const message = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return {
    answer: errorAnswer({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: ${message}`,
    }),
    errorType: 'Sandbox.Timedout',
    status: 'timeout',
    logLines: [`${new Date().toISOString()} ${requestId} ${message}`],
  };
}

/**
 * The failure of an invocation, or of an init, during which the bootstrap ended without having said why, or an
 * extension did.
 *
 * @param requestId of the invocation
 * @param exit how it ended
 */
export function exited(requestId: string, exit: RuntimeExit): Failure {
  const { startFailure } = exit;
  const [errorType, text] = typeAndText(exit);
  const errorMessage = `RequestId: ${requestId} Error: ${text}`;
  return {
    answer: errorAnswer({ errorType, errorMessage }),
    errorType,
    status: 'error',
    // AWS does not say what is wrong with the bootstrap; the log does here.
    logLines: [errorMessage, errorType, ...(startFailure === undefined ? [] : [startFailure])],
  };
}

/**
 * The failure of an init that the bootstrap reported itself.
 *
 * @param answer the body it posted
 * @param errorType the type from its header
 */
export function initFailed(answer: Answer, errorType: string): Failure {
  return { answer, errorType, status: 'error', logLines: [] };
}

/**
 * An answer that carries an error as JSON.
 *
 * @param body what the caller reads
 */
export function errorAnswer(body: { errorType: string; errorMessage?: string }): Answer {
  return { payload: Buffer.from(JSON.stringify(body)), contentType: 'application/json', failed: true };
}

function typeAndText(exit: RuntimeExit): [errorType: string, text: string] {
  const { extensionError, startFailure, exitCode, signal } = exit;
  if (extensionError !== undefined) {
    const reason = signal === undefined ? `exit status ${exitCode ?? 0}` : `signal: ${goSignalName(signal)}`;
    return [startFailure === undefined ? extensionError : 'Extension.LaunchError', reason];
  }
  if (startFailure !== undefined) return ['Runtime.InvalidEntrypoint', NO_BOOTSTRAP];
  if (exit.outOfMemory === true && signal === 'SIGKILL') return ['Runtime.OutOfMemory', exitText(exit)];
  return ['Runtime.ExitError', exitText(exit)];
}

function exitText({ exitCode, signal }: SandboxExit): string {
  if (signal !== undefined) return `Runtime exited with error: signal: ${goSignalName(signal)}`;
  if (exitCode === 0 || exitCode === undefined) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${exitCode}`;
}

/** AWS's platform is written in Go, whose names of signals are words. */
function goSignalName(signal: NodeJS.Signals): string {
  const names: Partial<Record<NodeJS.Signals, string>> = {
    SIGKILL: 'killed',
    SIGTERM: 'terminated',
    SIGABRT: 'aborted',
    SIGSEGV: 'segmentation fault',
    SIGBUS: 'bus error',
    SIGILL: 'illegal instruction',
    SIGFPE: 'floating point exception',
    SIGINT: 'interrupt',
    SIGHUP: 'hangup',
    SIGQUIT: 'quit',
    SIGTRAP: 'trace/breakpoint trap',
  };
  return names[signal] ?? signal;
}
