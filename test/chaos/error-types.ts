/** What a caller reads as `errorType`, by what happened; as in `runtime/errors.ts` and the host's own. */
export const ERROR_TYPES = {
  exited: 'Runtime.ExitError',
  killed: 'Runtime.WorkerKilled',
  aborted: 'Runtime.WorkerAborted',
  outOfMemory: 'Runtime.OutOfMemory',
  garbled: 'Runtime.WorkerGarbled',
  halfAnswer: 'Runtime.WorkerGarbled',
  answerForAnother: 'Runtime.WorkerGarbled',
  unreachable: 'Runtime.WorkerUnreachable',
  unhandledRejection: 'Runtime.UnhandledPromiseRejection',
  neverSettles: 'Runtime.NodeJsExit',
  timeout: 'Sandbox.Timedout',
  tooLarge: 'Function.ResponseSizeTooLarge',
} as const;
