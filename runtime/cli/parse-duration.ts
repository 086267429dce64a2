import { ToolError } from './tool-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads how long something is to take.
 *
 * @param text such as `90s`, `10m`, `2h` or `1d`
 * @param option its name, for the error
 * @returns milliseconds
 * @throws {ToolError} `USAGE` when it is no such text
 */
export function parseDurationMs(text: string, option: string): number {
  const [, count, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return Number(count) * unitMs;
  throw new ToolError(
    'USAGE',
    `Cannot use ${option} "${text}", expected a number and its unit, such as 90s, 10m or 2h`,
  );
}
