/**
 * A warm invocation is over sooner than its memory is read. One that was this brief has not touched much, so the figure
 * from shortly before stands for it.
 */
const BRIEF_MS = 10;
const VALID_MS = 1000;

/** Finds the ids of all processes of an environment. */
export type ListProcesses = () => readonly number[];

/** The memory of one environment: the most that it used, and an end to the process that takes it over its limit. */
export interface MemoryMeter {
  /** The most that was used so far, in bytes; never more than the limit, as on Lambda. */
  readonly peakBytes: number;
  /**
   * Prepares for processes; before each start of the environment's.
   *
   * @returns the file of their cgroup to which the first of them writes a 0, if there is one
   */
  begin(): Promise<string | undefined>;
  /**
   * Watches a busy environment.
   *
   * @returns a function that ends the watch
   */
  watch(list: ListProcesses): () => void;
  /** Whether a process was killed for its memory since the last `watch()`. */
  exceeded(): boolean;
  /**
   * Reads what an environment uses that has just been busy.
   *
   * @param activeMs how long it was, in milliseconds
   */
  measure(list: ListProcesses, activeMs: number): Promise<void>;
  /** Cleans up behind the last process. */
  end(): Promise<void>;
}

/** Makes the meter of an environment from the function's memory, in bytes. */
export type MakeMemoryMeter = (limitBytes: number) => MemoryMeter;

/**
 * Tells whether memory has to be read again.
 *
 * @param activeMs how long the environment was busy, in milliseconds
 * @param readMs when it was read last, as `performance.now()` counts
 */
export function isReadingDue(activeMs: number, readMs: number): boolean {
  return activeMs >= BRIEF_MS || performance.now() - readMs >= VALID_MS;
}
