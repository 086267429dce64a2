import type { Level } from './level.ts';

/** What stands before the message of a line. */
export interface LineHead {
  readonly timestamp: string;
  readonly level: Level;
  readonly requestId: string;
  readonly tenantId: string | undefined;
}

/** Makes a line from what was given to the console. */
export type FormatLine = (head: LineHead, values: readonly unknown[]) => string;

/**
 * Makes a line as `console` would, behind time, request id and level.
 * @param head - what stands before the message
 * @param values - the arguments
 * @returns the line; it may contain line ends
 */
export function textLine({ timestamp, level, requestId }: LineHead, values: readonly unknown[]): string {
  return `${timestamp}\t${requestId}\t${level}\t${formatValues(values)}`;
}

/**
 * Puts arguments together as `console` does.
 * @param values - the arguments
 * @returns the text
 */
export function formatValues(values: readonly unknown[]): string {
  const [value] = values;
  // Most lines; `util.format` gives a lone string back unchanged as well.
  if (values.length === 1 && typeof value === 'string') return value;
  return process.getBuiltinModule('node:util').format(...values);
}
