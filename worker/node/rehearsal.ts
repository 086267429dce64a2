import type { Handler } from './adapters/handler.ts';
import type { Context } from './context.ts';
import { createInvoker, type Invoker, type InvokerOptions, setTraceId, TRACE_ID_VARIABLE } from './invoke.ts';
import { createScopes } from './logging/invocation-scope.ts';

/**
 * Makes what runs through invocations of handlers that are not the function's: what an invocation needs of the host is
 * compiled by then, most of what the first one costs.
 * @param options - what invocations run in
 * @returns gives what runs the next one; nothing of the function sees it
 */
export function createRehearsals(
  options: Omit<InvokerOptions, 'handler' | 'scopes'>,
): () => Invoker['invoke'] {
  let invokers: readonly Invoker[] | undefined;
  let count = 0;
  return () => {
    invokers ??= createHandlers(options.environment).map((handler) =>
      createInvoker({ ...options, handler, scopes: createScopes(options.concurrent) }),
    );
    return (invokers[count++ % invokers.length] as Invoker).invoke;
  };
}

/** Two, in turn: what was compiled for a single one is thrown away when the function's takes its place. */
function createHandlers(environment: NodeJS.ProcessEnv): Handler[] {
  const traceId = environment[TRACE_ID_VARIABLE];
  const play = (event: unknown, context: Context): unknown => {
    context.getRemainingTimeInMillis();
    // As it was, before any code of the function runs.
    setTraceId(environment, traceId);
    return event;
  };
  return [
    async (event, context) => play(event, context),
    (event, context) => Promise.resolve(play(event, context)),
  ];
}
