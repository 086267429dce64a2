/**
 * Runs what Node runs at the end of a turn: microtasks, `nextTick` callbacks, reports of rejections that nobody handles.
 * Never documented, and there since Node 0.10.
 */
export const endTurn = (process as { _tickCallback?: () => void })._tickCallback;
