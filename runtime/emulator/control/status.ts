import { readErrorBody } from '../error-body.ts';
import type { Failure } from '../failure.ts';

/** Why a function is not what it was to become, in the API's words. */
export interface Problem {
  readonly reason: string;
  readonly code: string;
  /** `file:line:column` of the function's own code, where the error tells. */
  readonly place?: string;
}

/** Where a function stands: what `State` and `LastUpdateStatus` say together. */
export type Status =
  | { readonly kind: 'creating' | 'updating' | 'settled' }
  /** `refused`: the update is, and what was there before serves on; `failed`: nothing is there that could. */
  | { readonly kind: 'refused' | 'failed'; readonly problem: Problem };

/** An update whose environments could not initialise. */
export class InitFailedError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`Cannot initialise an environment: ${failure.errorType}`);
    this.name = 'InitFailedError';
    this.failure = failure;
  }
}

/** Reason codes of the API by the types of the failures that they are for. */
const CODES: Readonly<Record<string, string>> = {
  'Sandbox.Timedout': 'FunctionError.InitTimeout',
  'Runtime.InvalidEntrypoint': 'FunctionError.InvalidEntryPoint',
  'Runtime.OutOfMemory': 'FunctionError.InitResourceExhausted',
  'Extension.Crash': 'FunctionError.ExtensionInitError',
  'Extension.LaunchError': 'FunctionError.ExtensionInitError',
};

/** A line of a stack trace in the function's files, whose paths begin anywhere but in the runtime and the interpreter. */
const PLACE = /^(?!.*(?:node:|\/opt\/)).*?(?:\/var\/task\/)?([^\s()/][^\s()]*:\d+:\d+)/;

/** The fields of a function's configuration that tell where it stands. */
export function renderStatus(status: Status): Readonly<Record<string, string>> {
  const creating = 'The function is being created.';
  switch (status.kind) {
    case 'creating':
      return { State: 'Pending', StateReason: creating, StateReasonCode: 'Creating' };
    case 'updating':
      return {
        State: 'Active',
        LastUpdateStatus: 'InProgress',
        LastUpdateStatusReason: creating,
        LastUpdateStatusReasonCode: 'Creating',
      };
    case 'settled':
      return { State: 'Active', LastUpdateStatus: 'Successful' };
    case 'refused':
      return {
        State: 'Active',
        LastUpdateStatus: 'Failed',
        LastUpdateStatusReason: status.problem.reason,
        LastUpdateStatusReasonCode: status.problem.code,
      };
    case 'failed':
      return {
        State: 'Failed',
        StateReason: status.problem.reason,
        StateReasonCode: status.problem.code,
        LastUpdateStatus: 'Failed',
      };
  }
}

/** Says in the API's words why something could not become of a function. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof InitFailedError)) {
    return { reason: error instanceof Error ? error.message : String(error), code: 'InternalError' };
  }
  const { answer, errorType } = error.failure;
  const code = CODES[errorType] ?? 'FunctionError.RuntimeInitError';
  const { message, trace } = readErrorBody(Buffer.from(answer.payload).toString('utf8'));
  const place = trace
    .map((line) => PLACE.exec(line.replace('file://', ''))?.[1])
    .find((found) => found !== undefined);
  return { reason: `${errorType}: ${message}`, code, ...(place === undefined ? {} : { place }) };
}
