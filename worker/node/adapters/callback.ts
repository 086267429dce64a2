import type { Outcome, Settlement } from '../settlement.ts';

export type Callback = (error?: unknown, result?: unknown) => void;

/** The ways of older handlers to answer, as properties of the context. */
export interface ContextCallbacks {
  /** Whether a result given to the callback is sent only when the event loop is empty; handlers may change it. */
  callbackWaitsForEmptyEventLoop: boolean;
  done: Callback;
  succeed: (result?: unknown) => void;
  fail: (error?: unknown) => void;
}

/**
 * Makes the context's `done`, `succeed` and `fail`, which end the invocation at once.
 * @param settlement - the invocation's
 * @returns the properties to be laid into the context
 */
export function createContextCallbacks(settlement: Settlement): ContextCallbacks {
  const done: Callback = (error, result) => settlement.settle(outcomeOf(error, result));
  return {
    callbackWaitsForEmptyEventLoop: true,
    done,
    succeed: (result) => done(null, result),
    // `fail()` without an error is a failure all the same; the text is that of Lambda's older runtimes.
    fail: (error) => done(error ?? 'handled'),
  };
}

/**
 * Makes a handler's third argument. An error is sent at once, a result waits for the event loop unless told not to.
 * @param settlement - the invocation's
 * @param waits - read when a result is given
 * @returns the callback
 */
export function createCallback(settlement: Settlement, waits: () => boolean): Callback {
  return (error, result) => {
    const outcome = outcomeOf(error, result);
    if (outcome.ok && waits()) settlement.hold(outcome);
    else settlement.settle(outcome);
  };
}

function outcomeOf(error: unknown, result: unknown): Outcome {
  return error === undefined || error === null ? { ok: true, value: result } : { ok: false, error };
}
