/** Levels from the least serious to the most, each with its bits in the type of a telemetry frame. */
export const LEVEL_BITS = { TRACE: 4, DEBUG: 8, INFO: 12, WARN: 16, ERROR: 20, FATAL: 24 } as const;

export type Level = keyof typeof LEVEL_BITS;

/**
 * Reads which lines are wanted.
 * @param name - the value of `AWS_LAMBDA_LOG_LEVEL`, in any case
 * @returns whether lines of a level are written; all are when the name is none
 */
export function levelFilter(name: string | undefined): (level: Level) => boolean {
  const wanted = name?.toUpperCase() ?? '';
  const leastBits = isLevel(wanted) ? LEVEL_BITS[wanted] : 0;
  return (level) => LEVEL_BITS[level] >= leastBits;
}

function isLevel(name: string): name is Level {
  return Object.hasOwn(LEVEL_BITS, name);
}
