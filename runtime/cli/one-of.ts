import { ToolError } from './tool-error.ts';

/**
 * Reads an option that is one of some words.
 *
 * @param choices the words
 * @param value of the option
 * @param option its name, for the error
 * @throws {ToolError} `USAGE` when it is none of them
 */
export function oneOf<T extends string>(choices: readonly T[], value: unknown, option: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new ToolError('USAGE', `Cannot use "${value}" for ${option}: expected ${choices.join(', ')}`);
}
