import { parseDurationMs } from '../../runtime/cli/parse-duration.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Call, OptionSpec } from '../../runtime/cli/verb.ts';
import type { Shift } from './shift.ts';
import { textOf } from './target-options.ts';

/** Options of a deployment behind an alias. */
export const SHIFT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  alias: { type: 'string', value: 'NAME', describe: 'publish a version, and lead this alias to it' },
  shift: {
    type: 'string',
    value: 'PERCENT,…',
    describe: 'shares of the invocations that the new version gets, one after the other, before it gets all',
    fallback: 'all at once',
  },
  // CloudWatch shows the figures of a minute one to two minutes later.
  every: { type: 'string', value: 'TIME', describe: 'how long each share stays', fallback: '3m' },
  'max-error-rate': {
    type: 'string',
    value: 'PERCENT|none',
    describe: 'go back when more invocations of the new version fail',
    fallback: '1',
  },
};

/**
 * Reads how an alias is to get to its new version.
 *
 * @param call of the verb
 * @returns undefined when all at once
 * @throws {ToolError} `USAGE` for a value that cannot be used
 */
export function readShift(call: Call): Shift | undefined {
  const shares = textOf(call, 'shift');
  const everyMs = parseDurationMs(textOf(call, 'every') ?? '3m', '--every');
  const rate = textOf(call, 'max-error-rate') ?? '1';
  const maxErrorPercent = rate === 'none' ? undefined : Number(rate.replace(/%$/, ''));
  if (maxErrorPercent !== undefined && !(maxErrorPercent >= 0 && maxErrorPercent < 100)) {
    throw new ToolError(
      'USAGE',
      `Cannot use --max-error-rate "${rate}", expected a percentage below 100, or none`,
    );
  }
  if (shares === undefined) return undefined;
  const percents = shares.split(',').map((share) => Number(share.replace(/%$/, '') || Number.NaN));
  const isRising = percents.every((percent, index) => percent > (percents[index - 1] ?? 0) && percent <= 100);
  if (!isRising) {
    throw new ToolError(
      'USAGE',
      `Cannot use --shift "${shares}", expected rising percentages such as 10 or 10,50`,
    );
  }
  const partial = percents.filter((percent) => percent < 100);
  return partial.length === 0 ? undefined : { percents: partial, everyMs, maxErrorPercent };
}
