const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LEVELS)[number];

/** The bootstrap's own lines; a function's output never goes through here. */
export type Log = Readonly<Record<LogLevel, (text: string) => void>>;

/** Whether a text names a level. */
export function isLogLevel(text: string): text is LogLevel {
  return (LEVELS as readonly string[]).includes(text);
}

/**
 * Makes the log of the bootstrap, which writes to standard error.
 *
 * @param level the least serious level that is written
 */
export function createLog(level: LogLevel): Log {
  const most = LEVELS.indexOf(level);
  const at = (index: number) => (text: string) => {
    if (index <= most) process.stderr.write(`pilotlight ${LEVELS[index]} ${text}\n`);
  };
  return { error: at(0), warn: at(1), info: at(2), debug: at(3) };
}
