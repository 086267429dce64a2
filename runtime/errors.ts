/** Whose doing a failure is. */
export type Fault = 'function' | 'runtime' | 'platform';

/**
 * Every way the bootstrap can fail, with what the caller of the function sees as `errorType`. A type of
 * `undefined` means that the failure carries its own, such as the name of the error that was thrown.
 */
const TABLE = {
  PREPARE_FAILED: { fault: 'platform', errorType: 'Runtime.PrepareFailed' },
  PART_TAMPERED: { fault: 'platform', errorType: 'Runtime.PartTampered' },
  PROTOCOL_MISMATCH: { fault: 'runtime', errorType: 'Runtime.ProtocolMismatch' },
  INTERPRETER_MISSING: { fault: 'runtime', errorType: 'Runtime.InterpreterMissing' },
  INTERPRETER_UNUSABLE: { fault: 'runtime', errorType: 'Runtime.InterpreterUnusable' },
  WORKER_START_FAILED: { fault: 'runtime', errorType: 'Runtime.WorkerStartFailed' },
  BUNDLE_FAILED: { fault: 'function', errorType: 'Runtime.ImportModuleError' },
  BEFORE_SNAPSHOT_FAILED: { fault: 'function', errorType: 'Runtime.BeforeSnapshotError' },
  AFTER_RESTORE_FAILED: { fault: 'function', errorType: 'Runtime.AfterRestoreError' },
  WORKER_EXITED: { fault: 'function', errorType: 'Runtime.ExitError' },
  WORKER_KILLED: { fault: 'function', errorType: 'Runtime.WorkerKilled' },
  WORKER_ABORTED: { fault: 'function', errorType: 'Runtime.WorkerAborted' },
  OUT_OF_MEMORY: { fault: 'function', errorType: 'Runtime.OutOfMemory' },
  WORKER_UNREACHABLE: { fault: 'function', errorType: 'Runtime.WorkerUnreachable' },
  WORKER_GARBLED: { fault: 'function', errorType: 'Runtime.WorkerGarbled' },
  DEADLINE: { fault: 'function', errorType: 'Sandbox.Timedout' },
  BOOTSTRAP_FAILED: { fault: 'runtime', errorType: 'Runtime.BootstrapFailed' },
  SETTING_INVALID: { fault: 'function', errorType: 'Runtime.SettingInvalid' },
  EVENT_CUT_OFF: { fault: 'platform', errorType: 'Runtime.EventCutOff' },
  RESULT_CUT_OFF: { fault: 'platform', errorType: 'Runtime.ResultCutOff' },
  PLATFORM_REFUSED: { fault: 'platform', errorType: 'Runtime.PlatformRefused' },
} as const satisfies Record<string, { fault: Fault; errorType: string }>;

export type ErrorCode = keyof typeof TABLE;

/** A failure with a stable code. Messages say what was to be done, what is, and what was expected. */
export class PilotlightError extends Error {
  readonly code: ErrorCode;
  readonly fault: Fault;
  /** What goes to the caller as `errorType`. */
  readonly errorType: string;
  /** Stack or last output, a line each, for the caller's `trace`. */
  readonly trace: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; errorType?: string; trace?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'PilotlightError';
    this.code = code;
    this.fault = TABLE[code].fault;
    this.errorType = options.errorType ?? TABLE[code].errorType;
    this.trace = options.trace ?? [];
  }
}

/**
 * One line for the log, or the stack of what was never foreseen.
 *
 * @param error what was thrown
 */
export function describeError(error: unknown): string {
  return error instanceof PilotlightError ? `${error.code} ${error.message}` : String((error as Error).stack);
}

/**
 * What was never foreseen becomes an error of ours, so that callers get one.
 *
 * @param error what was thrown
 */
export function knownError(error: unknown): PilotlightError {
  return error instanceof PilotlightError
    ? error
    : new PilotlightError('BOOTSTRAP_FAILED', String(error), { cause: error });
}
