import type { Failure } from '../failure.ts';

/** Why a function is not what it was to become, in the API's words. */
export interface Problem {
  readonly reason: string;
  readonly code: string;
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
  return { reason: `${errorType}: ${messageIn(answer.payload)}`, code };
}

function messageIn(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString('utf8');
  try {
    const { errorMessage } = JSON.parse(text);
    return typeof errorMessage === 'string' ? errorMessage : text;
  } catch {
    return text;
  }
}
