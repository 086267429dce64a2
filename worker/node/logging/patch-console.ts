import type { Level } from './level.ts';
import type { Logger } from './logger.ts';

/** `fatal` is Lambda's addition. Node's other methods, such as `table`, write by these. */
const METHODS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
} as const satisfies Record<string, Level>;

/**
 * Makes the global console write log lines as Lambda's own Node runtime does.
 * @param logger - writes them
 */
export function patchConsole(logger: Logger): void {
  for (const [method, level] of Object.entries(METHODS)) {
    const write = (...values: readonly unknown[]): void => logger.log(level, values);
    Object.assign(console, { [method]: logger.isWanted(level) ? write : () => undefined });
  }
}
