import { ServiceError } from '../service-error.ts';

/**
 * Fails when somebody has changed meanwhile what a caller is about to change.
 *
 * @param named revision that the caller has seen; undefined when it does not matter to it
 * @param current revision there is
 * @param operation by which the caller gets that one
 * @throws {ServiceError} `PreconditionFailedException`
 */
export function requireRevision(named: string | undefined, current: string, operation: string): void {
  if (named === undefined || named === current) return;
  throw new ServiceError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${operation} API to retrieve the latest Revision Id`,
  );
}
