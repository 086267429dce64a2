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
 * @param format of the lines, as `AWS_LAMBDA_LOG_FORMAT` says it: `JSON`, else text
 */
export function createLog(level: LogLevel, format?: string): Log {
  const line = format === 'JSON' ? jsonLine : textLine;
  const most = LEVELS.indexOf(level);
  const at = (index: number) => (text: string) => {
    if (index <= most) process.stderr.write(`${line(LEVELS[index] ?? 'error', text)}\n`);
  };
  return { error: at(0), warn: at(1), info: at(2), debug: at(3) };
}

function textLine(level: LogLevel, text: string): string {
  return `pilotlight ${level} ${text}`;
}

/** With the fields of the lines that Lambda's own runtimes write. */
function jsonLine(level: LogLevel, text: string): string {
  return JSON.stringify({
    timestamp: new Date().toISOString(),
    level: level.toUpperCase(),
    logger: 'pilotlight',
    message: text,
  });
}
