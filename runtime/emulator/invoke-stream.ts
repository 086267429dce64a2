import type { ServerResponse } from 'node:http';
import { completeFrame, type InvokeComplete, payloadFrame } from './event-frames.ts';
import type { FunctionDirectory } from './function-directory.ts';
import type { Answer, AnswerStream } from './invocation.ts';
import { type Exchange, readInvocation } from './read-invocation.ts';
import { writePart } from './response-writer.ts';
import { ServiceError } from './service-error.ts';

/**
 * Answers `InvokeWithResponseStream`: each part as the function writes it, then how it ended.
 *
 * @param segment the function as the path names it
 * @throws {ServiceError} as for an invocation that is not streamed, and for one that nobody waits for
 */
export async function invokeStream(
  functions: FunctionDirectory,
  segment: string,
  exchange: Exchange,
): Promise<void> {
  const { response } = exchange;
  const { name, type, wantsTail, invocation } = await readInvocation(functions, segment, exchange);
  if (type === 'Event') {
    throw new ServiceError('InvalidParameterValueException', 'Event is not a type of streamed invocations');
  }
  if (type === 'DryRun') return void response.writeHead(204).end();
  response.setHeader('x-amzn-trace-id', invocation.traceId);
  let version = '$LATEST';
  const stream = frameStream(response, () => version);
  const run = functions.run(name, { ...invocation, stream });
  version = run.version;
  const answer = await run.answered;
  stream.begin(answer.contentType);
  if (!answer.failed && answer.payload.length > 0) await stream.write(answer.payload);
  const log = wantsTail
    ? { LogResult: Buffer.from((await run.finished).logTail).toString('base64') }
    : undefined;
  response.end(completeFrame({ ...(answer.failed ? describeError(answer) : {}), ...log }));
}

function frameStream(response: ServerResponse, version: () => string): AnswerStream {
  return {
    begin() {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(200, {
        'content-type': 'application/vnd.amazon.eventstream',
        'x-amz-executed-version': version(),
      });
      response.flushHeaders();
    },
    write: (chunk) => writePart(response, payloadFrame(chunk)),
  };
}

function describeError({ payload, errorType }: Answer): InvokeComplete {
  const details = Buffer.from(payload).toString('utf8');
  return { ErrorCode: errorType ?? typeInBody(details) ?? 'Unhandled', ErrorDetails: details };
}

function typeInBody(text: string): string | undefined {
  try {
    const { errorType } = JSON.parse(text);
    return typeof errorType === 'string' ? errorType : undefined;
  } catch {
    return undefined;
  }
}
