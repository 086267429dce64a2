/** When an invocation whose deadline comes near is looked at, and when it is given up. */
export interface DeadlineSettings {
  /** Before the deadline: when to find out where the code stands, while it runs on; 0: never. */
  readonly lookMs: number;
  /** Before the deadline: when to answer and to end the worker; 0: the platform does it, at the deadline. */
  readonly marginMs: number;
}

/** What is to be done at the deadline of an invocation, and in which worker. */
export interface DeadlinePlan extends DeadlineSettings {
  /** Name of the workers' interpreter. */
  readonly interpreter: string;
  readonly version: string;
  /** Path of their host: its frames tell a function's author nothing. */
  readonly host: string;
  /** Port of a developer's debugger, under which nothing is ended; 0: the system chose it. */
  readonly debugPort: number | undefined;
  /** Whether invocations run beside one another in a worker. */
  readonly isConcurrent: boolean;
}
