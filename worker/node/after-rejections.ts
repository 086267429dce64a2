/** Taken before user code runs, which may replace them. */
const defer = setImmediate;
const { nextTick } = process;
/** Runs what waits for the end of a turn, and then reports the rejections that nobody handled. Node never documented it. */
const endTurn = (process as { _tickCallback?: () => void })._tickCallback;

/**
 * Calls a function once Node has reported the rejections that this turn leaves behind. `setImmediate` would do the same
 * at the cost of a whole phase of the event loop, four microseconds of an invocation.
 * @param callback - what is called, never within this call
 * @param argument - its argument
 */
export const afterRejections: <T>(callback: (argument: T) => void, argument: T) => void =
  endTurn === undefined
    ? defer
    : (callback, argument) => nextTick(callAfter<typeof argument>, endTurn, callback, argument);

function callAfter<T>(endOfTurn: () => void, callback: (argument: T) => void, argument: T): void {
  try {
    endOfTurn();
  } catch (error) {
    // Another callback of this turn threw: whoever is told of uncaught exceptions comes first.
    defer(callback, argument);
    throw error;
  }
  callback(argument);
}
