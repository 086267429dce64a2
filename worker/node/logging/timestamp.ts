/** Taken before user code runs, which may replace the global to stop the time. */
const WallClock = Date;

/**
 * Makes a function that writes a time as ISO 8601. Lines of the same millisecond share the text, which takes longer to
 * make than all else of a short line.
 * @returns a function from milliseconds since 1970 to text
 */
export function createTimestamp(): (timeMs: number) => string {
  let lastMs = Number.NaN;
  let text = '';
  return (timeMs) => {
    if (timeMs !== lastMs) {
      text = new WallClock(timeMs).toISOString();
      lastMs = timeMs;
    }
    return text;
  };
}
