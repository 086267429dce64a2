import { ToolError } from '../../../runtime/cli/tool-error.ts';
import type { Call } from '../../../runtime/cli/verb.ts';
import { parseNumber } from '../../../runtime/emulator/cli-options.ts';
import { writeAwsTable } from './aws-table.ts';
import { measureFunction } from './measure-function.ts';

const DEFAULT_INVOCATIONS = 200;
const MAX_INVOCATIONS = 100_000;
const WARM_UP = 10;

/**
 * Does `pilotlight bench --aws NAME`: measures, prints a table or, with `--json`, the figures.
 *
 * @param call the command line: `aws`, `endpoint-url`, `event` (JSON) and `invocations` are looked at
 * @param shell the variables of the shell, for the SDK
 * @returns 1 when an invocation failed or was throttled
 * @throws {ToolError} `USAGE` for a value that cannot be used, `CANNOT` when the function cannot be measured
 */
export async function runAws({ values, output, signal }: Call, shell: NodeJS.ProcessEnv): Promise<number> {
  const endpoint = values['endpoint-url'] === undefined ? undefined : String(values['endpoint-url']);
  const count = values.invocations ?? DEFAULT_INVOCATIONS;
  const result = await measureFunction({ name: String(values.aws), endpoint, signal }, shell, {
    event: parseEvent(String(values.event ?? '{}')),
    invocations: parseNumber('invocations', count, 1, MAX_INVOCATIONS),
    warmUp: WARM_UP,
    onStep: (measured) => output.detail(`${measured} measured`),
  });
  output.result(output.json ? `${JSON.stringify(result)}\n` : writeAwsTable(result));
  return result.functionErrors + result.throttles > 0 ? 1 : 0;
}

function parseEvent(text: string): Uint8Array {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ToolError('USAGE', `Cannot use --event: ${(error as Error).message}`, { cause: error });
  }
  return Buffer.from(text);
}
