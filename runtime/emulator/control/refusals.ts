import { ServiceError } from '../service-error.ts';
import type { Status } from './status.ts';

/** For a function that is not there yet, or never came to be. */
export function notCallable({ kind }: Status): ServiceError {
  const state = kind === 'creating' ? 'Pending' : 'Failed';
  return new ServiceError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}

/** For a second update while the first is under way. */
export function updateInProgress(arn: string): ServiceError {
  return new ServiceError(
    'ResourceConflictException',
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  );
}

/** For more invocations at a time than are reserved. */
export function throttled(): ServiceError {
  const reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', reason);
}

/** For a value that AWS, or the local Lambda, does not take. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}

/** For what is found neither by name nor by number. */
export function notFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The resource you requested does not exist.');
}
