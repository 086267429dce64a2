import { HostError } from '../errors.ts';
import type { Settlement } from '../settlement.ts';

/**
 * Ends an invocation by what the handler returned. A promise always counts, also from a handler that declares a
 * callback: middleware declares three parameters and answers with a promise. A plain value counts unless a callback
 * is declared: `(event, context, callback) => setTimeout(callback, 10)` returns a timer that nobody wants.
 * @param returned - what the handler returned
 * @param parameters - number of parameters that the handler declares
 * @param settlement - the invocation's
 * @param concurrent - whether other invocations share the event loop, which then tells nothing about this one
 * @returns what to do when the event loop is empty
 */
export function settleByReturn(
  returned: unknown,
  parameters: number,
  settlement: Settlement,
  concurrent: boolean,
): () => void {
  if (isThenable(returned)) {
    returned.then(
      (value) => settlement.finish({ ok: true, value }),
      (error) => settlement.finish({ ok: false, error }),
    );
    return () => settlement.finish({ ok: false, error: neverSettles(), replace: true });
  }
  const declaresCallback = parameters > 2;
  const mayCallLater = declaresCallback || (returned === undefined && parameters === 2 && !concurrent);
  if (!mayCallLater) settlement.settle({ ok: true, value: returned });
  return () => settlement.finish({ ok: true, value: undefined });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && 'then' in value && typeof value.then === 'function';
}

function neverSettles(): HostError {
  return new HostError(
    'Runtime.NodeJsExit',
    "Cannot wait for the handler's promise: it is pending and nothing is left in the event loop that could settle it",
  );
}
