import type { Handler } from './adapters/handler.ts';
import { createInvoker, type Invoker, type InvokerOptions } from './invoke.ts';
import { createScopes } from './logging/invocation-scope.ts';

/**
 * Makes what runs through invocations of a handler that is not the function's: what an invocation needs of the host is
 * compiled by then, most of what the first one costs.
 * @param options - those of the function's invoker
 * @returns runs one; nothing of the function sees it
 */
export function createRehearsal(options: InvokerOptions): Invoker['invoke'] {
  const handler: Handler = async (event, context) => {
    context.getRemainingTimeInMillis();
    return event;
  };
  return createInvoker({ ...options, handler, environment: {}, scopes: createScopes(options.concurrent) })
    .invoke;
}
