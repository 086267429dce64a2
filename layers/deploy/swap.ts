import { readFile } from 'node:fs/promises';
import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';

const WAIT_S = 60;
/** The local Lambda is done in a tenth of a second; AWS's own waiter begins with a second. */
const FIRST_LOOK_S = 0.01;
const LONGEST_PAUSE_S = 0.1;

/**
 * Puts other code under a function that runs, and waits until it serves. The code before it serves until then, and goes
 * on where the new one cannot be initialised.
 *
 * @param client of the Lambda API
 * @param name the function's name
 * @param zip path of the function zip
 * @param signal stops the wait; what was sent is carried out all the same
 * @returns how long it took, in milliseconds
 * @throws {ToolError} `FOUND` when the new code was refused, with the reason
 */
export async function swapCode(
  client: LambdaClient,
  name: string,
  zip: string,
  signal: AbortSignal,
): Promise<number> {
  const FunctionName = name;
  const ZipFile = await readFile(zip);
  const startMs = performance.now();
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }), { abortSignal: signal });
  const pace = { maxWaitTime: WAIT_S, minDelay: FIRST_LOOK_S, maxDelay: LONGEST_PAUSE_S };
  try {
    await waitUntilFunctionUpdatedV2({ client, ...pace, abortSignal: signal }, { FunctionName });
  } catch (error) {
    signal.throwIfAborted();
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (found.LastUpdateStatus !== 'Failed') throw error;
    throw new ToolError('FOUND', `Cannot swap "${name}": ${found.LastUpdateStatusReason}`, {
      next: 'the code before it serves on; mend the new one and swap again',
      cause: error,
    });
  }
  return performance.now() - startMs;
}
