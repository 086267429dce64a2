import type { InvokeWithResponseStreamCompleteEvent, LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../cli/tool-error.ts';
import type { InvokeOutcome, TakePart } from './invoke-output.ts';

/** Which function is called, and where. */
export interface RemoteTarget {
  /** Name or ARN. */
  readonly name: string;
  /** Address of a Lambda API; AWS itself when undefined. */
  readonly endpoint: string | undefined;
  readonly wantsLog: boolean;
  readonly signal: AbortSignal;
}

interface InvokeInput {
  readonly FunctionName: string;
  readonly Payload: Uint8Array;
  readonly LogType: 'Tail' | 'None';
}

/**
 * Invokes a function through the AWS SDK, at an endpoint or on AWS.
 *
 * @param shell the variables of the shell; with an endpoint, keys and region are invented where it has none
 * @param event its bytes
 * @param repeat how often, one after the other
 * @param take gets the parts of a streamed answer as they come; without it the answer is collected
 * @throws {ToolError} `CANNOT` with the name and the message of the service's error
 */
export async function* invokeRemote(
  { name, endpoint, wantsLog, signal }: RemoteTarget,
  shell: NodeJS.ProcessEnv,
  event: Uint8Array,
  repeat: number,
  take: TakePart | undefined,
): AsyncGenerator<InvokeOutcome> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(endpoint === undefined ? {} : { endpoint, ...inventedWhereMissing(shell) });
  try {
    for (let count = 0; count < repeat; count += 1) {
      const startMs = performance.now();
      const input: InvokeInput = {
        FunctionName: name,
        Payload: event,
        LogType: wantsLog ? 'Tail' : 'None',
      };
      const answer = take === undefined ? invoke(client, input, signal) : stream(client, input, signal, take);
      const { logResult, ...rest } = await answer;
      yield {
        ...rest,
        elapsedMs: performance.now() - startMs,
        start: undefined,
        logTail: logResult && Buffer.from(logResult, 'base64').toString('utf8'),
      };
    }
  } catch (error) {
    const { name: errorName, message } = error as Error;
    throw new ToolError('CANNOT', `Cannot invoke "${name}": ${errorName}: ${message}`, { cause: error });
  } finally {
    client.destroy();
  }
}

async function invoke(client: LambdaClient, input: InvokeInput, abortSignal: AbortSignal) {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const answer = await client.send(new InvokeCommand(input), { abortSignal });
  return {
    statusCode: answer.StatusCode ?? 200,
    functionError: answer.FunctionError,
    executedVersion: answer.ExecutedVersion,
    payload: answer.Payload ?? Buffer.alloc(0),
    requestId: answer.$metadata.requestId ?? '',
    logResult: answer.LogResult,
  };
}

async function stream(client: LambdaClient, input: InvokeInput, abortSignal: AbortSignal, take: TakePart) {
  const { InvokeWithResponseStreamCommand } = await import('@aws-sdk/client-lambda');
  const answer = await client.send(new InvokeWithResponseStreamCommand(input), { abortSignal });
  let complete: InvokeWithResponseStreamCompleteEvent = {};
  for await (const { PayloadChunk, InvokeComplete } of answer.EventStream ?? []) {
    if (PayloadChunk?.Payload !== undefined) take(PayloadChunk.Payload);
    if (InvokeComplete !== undefined) complete = InvokeComplete;
  }
  return {
    statusCode: answer.StatusCode ?? 200,
    functionError: complete.ErrorCode,
    executedVersion: answer.ExecutedVersion,
    payload: Buffer.from(complete.ErrorDetails ?? ''),
    requestId: answer.$metadata.requestId ?? '',
    logResult: complete.LogResult,
  };
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
