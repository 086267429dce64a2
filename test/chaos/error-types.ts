/** What a caller reads as `errorType`, by what happened; as in `runtime/errors.ts` and the host's own. */
export const ERROR_TYPES = {
  exited: 'Runtime.ExitError',
  killed: 'Runtime.WorkerKilled',
  aborted: 'Runtime.WorkerAborted',
  /** A worker whose heap is full aborts. */
  outOfMemory: 'Runtime.WorkerAborted',
  garbled: 'Runtime.WorkerUnreachable',
  halfAnswer: 'Runtime.WorkerUnreachable',
  unreachable: 'Runtime.WorkerUnreachable',
  unhandledRejection: 'Runtime.UnhandledPromiseRejection',
  neverSettles: 'Runtime.NodeJsExit',
  timeout: 'Sandbox.Timedout',
  tooLarge: 'Function.ResponseSizeTooLarge',
} as const;
