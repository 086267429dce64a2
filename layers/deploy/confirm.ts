import { createInterface } from 'node:readline';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call, OptionSpec } from '../../runtime/cli/verb.ts';

/** Option of verbs that delete something. */
export const YES_OPTION: Readonly<Record<'yes', OptionSpec>> = {
  yes: { type: 'boolean', describe: 'do not ask' },
};

/**
 * Asks before something is deleted, unless `--yes` was given.
 *
 * @param question with its mark
 * @param call of the verb
 * @throws {ToolError} `USAGE` where nobody can be asked
 */
export async function confirm(question: string, { values, signal }: Call): Promise<boolean> {
  if (values.yes) return true;
  if (!process.stdin.isTTY)
    throw new ToolError('USAGE', `${question} Expected --yes where nobody can be asked`);
  process.stderr.write(`${question} [y/N] `);
  // Without an output readline leaves the keys to the terminal: Ctrl-C stays a signal.
  const terminal = createInterface({ input: process.stdin, signal });
  try {
    const { value, done } = await terminal[Symbol.asyncIterator]().next();
    signal.throwIfAborted();
    return done !== true && /^y(?:es)?$/i.test(value);
  } finally {
    terminal.close();
  }
}
