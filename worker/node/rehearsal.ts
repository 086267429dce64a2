import { createInvoker, type Invoker, type InvokerOptions } from './invoke.ts';
import { createScopes } from './logging/invocation-scope.ts';

/**
 * Makes what runs through invocations of a handler that is not the function's: what an invocation needs of the host is
 * compiled by then, most of what the first one costs.
 * @param options - those of the function's invoker
 * @returns runs one; nothing of the function sees it
 */
export function createRehearsal({ mapStack, concurrent, logger }: InvokerOptions): Invoker['invoke'] {
  const handler = async (event: unknown): Promise<unknown> => event;
  const scopes = createScopes(concurrent);
  return createInvoker({ handler, mapStack, environment: {}, concurrent, scopes, logger }).invoke;
}
