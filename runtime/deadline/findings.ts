/** What is known of where the code of an overdue invocation stands. */
export interface Findings {
  /** Of the function, innermost first, in the form of Node's stacks: `name (file:line:column)`, or `file:line`. */
  readonly frames: readonly string[];
  /** The invocation in which they were seen, where that is known. */
  readonly framesId: string | undefined;
  /** The file and line of the handler. */
  readonly handler: string | undefined;
  /** The lines of `await` that still wait, the latest first; known when they are traced only. */
  readonly awaits: readonly string[];
  /** What the event loop waits for. */
  readonly pending: readonly string[];
  /** Until the event loop turned. */
  readonly loopLagMs: number | undefined;
  /** The system call in which the main thread is, where it tells something. */
  readonly systemCall: string | undefined;
  /** Command lines of the worker's child processes. */
  readonly children: readonly string[];
  /** How many invocations run beside it in the worker, where there may be any: what is pending may be theirs. */
  readonly others: number | undefined;
  /** The frame in which the code of another one runs. */
  readonly othersFrame: string | undefined;
}
