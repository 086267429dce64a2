import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';

const WAIT_S = 300;
/** The local Lambda is done in a tenth of a second; AWS's own waiter begins with a second. */
const FIRST_LOOK_S = 0.01;
const LONGEST_PAUSE_S = 0.25;

/**
 * Waits until a function serves what it was last told to be.
 *
 * @param client of the Lambda API
 * @param name the function's name
 * @param verb of what was done, for the error
 * @param signal stops the wait; what was sent is carried out all the same
 * @throws {ToolError} `FOUND` when the function refused the change, with the reason
 */
export async function waitUntilUpdated(
  client: LambdaClient,
  name: string,
  verb: string,
  signal: AbortSignal,
): Promise<void> {
  const FunctionName = name;
  const pace = { maxWaitTime: WAIT_S, minDelay: FIRST_LOOK_S, maxDelay: LONGEST_PAUSE_S };
  try {
    await waitUntilFunctionUpdatedV2({ client, ...pace, abortSignal: signal }, { FunctionName });
  } catch (error) {
    signal.throwIfAborted();
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (found.LastUpdateStatus !== 'Failed') throw error;
    throw new ToolError('FOUND', `Cannot ${verb} "${name}": ${found.LastUpdateStatusReason}`, {
      next: `what was there before serves on; mend the new one and ${verb} again`,
      cause: error,
    });
  }
}
