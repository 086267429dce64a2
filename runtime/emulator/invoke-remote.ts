import { ToolError } from '../cli/tool-error.ts';
import type { InvokeOutcome } from './invoke-output.ts';

/** Which function is called, and where. */
export interface RemoteTarget {
  /** Name or ARN. */
  readonly name: string;
  /** Address of a Lambda API; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  readonly wantsLog: boolean;
  readonly signal: AbortSignal;
}

/**
 * Invokes a function through the AWS SDK, at an endpoint or on AWS.
 *
 * @param shell the variables of the shell; with an endpoint, keys and region are invented where it has none
 * @param event its bytes
 * @param repeat how often, one after the other
 * @throws {ToolError} `CANNOT` with the name and the message of the service's error
 */
export async function* invokeRemote(
  { name, endpoint, wantsLog, signal }: RemoteTarget,
  shell: NodeJS.ProcessEnv,
  event: Uint8Array,
  repeat: number,
): AsyncGenerator<InvokeOutcome> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(endpoint === undefined ? {} : { endpoint, ...inventedWhereMissing(shell) });
  try {
    for (let count = 0; count < repeat; count += 1) {
      const startMs = performance.now();
      const command = new InvokeCommand({
        FunctionName: name,
        Payload: event,
        LogType: wantsLog ? 'Tail' : 'None',
      });
      const answer = await client.send(command, { abortSignal: signal });
      yield {
        statusCode: answer.StatusCode ?? 200,
        functionError: answer.FunctionError,
        executedVersion: answer.ExecutedVersion,
        payload: answer.Payload ?? Buffer.alloc(0),
        requestId: answer.$metadata.requestId ?? '',
        elapsedMs: performance.now() - startMs,
        start: undefined,
        logTail: answer.LogResult && Buffer.from(answer.LogResult, 'base64').toString('utf8'),
      };
    }
  } catch (error) {
    const { name: errorName, message } = error as Error;
    throw new ToolError('CANNOT', `Cannot invoke "${name}": ${errorName}: ${message}`, { cause: error });
  } finally {
    client.destroy();
  }
}

/**
 * Keys and a region for a local endpoint, which checks neither; the SDK sends nothing without them.
 *
 * @param shell the variables of the shell, whose own keys and region stand
 * @returns options of a client
 */
export function inventedWhereMissing(shell: NodeJS.ProcessEnv) {
  const hasKeys = shell.AWS_ACCESS_KEY_ID !== undefined || shell.AWS_PROFILE !== undefined;
  const hasRegion = shell.AWS_REGION !== undefined || shell.AWS_PROFILE !== undefined;
  return {
    ...(hasKeys ? {} : { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
    ...(hasRegion ? {} : { region: shell.AWS_DEFAULT_REGION ?? 'us-east-1' }),
  };
}
