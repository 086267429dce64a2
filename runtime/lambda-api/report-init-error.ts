import { describeError, knownError, PilotlightError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createNativeClient } from '../transport/native-client.ts';
import { createLambdaApi } from './client.ts';
import { errorAnswer } from './error-answer.ts';

const RESTORE_ERROR_PATH = '/2018-06-01/runtime/restore/error';

/**
 * Says why the environment did not start; Lambda shows it to the caller and starts anew.
 *
 * @param error what was thrown
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param log gets it too
 */
export async function reportInitError(error: unknown, authority: string, log: Log): Promise<undefined> {
  // A bundle's own failure is in the log already: its worker wrote it, in the function's log format.
  if (!(error instanceof PilotlightError) || error.code !== 'BUNDLE_FAILED') log.error(describeError(error));
  const lambda = createLambdaApi({
    createClient: createNativeClient,
    authority,
    connections: 1,
    pipeline: false,
    stopping: new AbortController().signal,
    log,
  });
  const known = knownError(error);
  const path = known.code === 'AFTER_RESTORE_FAILED' ? RESTORE_ERROR_PATH : undefined;
  await lambda.initError(errorAnswer(known), path);
  lambda.close();
}
