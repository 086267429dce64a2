import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Control } from './control/control.ts';
import type { FunctionDirectory } from './function-directory.ts';
import type { InvocationType } from './invoke-request.ts';
import { requireLoopback } from './loopback-guard.ts';
import { type Exchange, readInvocation } from './read-invocation.ts';
import { renderServiceError, ServiceError } from './service-error.ts';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
const INVOKE_STREAM_PATH = /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations\/?$/;
const INVOKE_ASYNC_PATH = /^\/2014-11-13\/functions\/([^/]+)\/invoke-async\/?$/;

/**
 * Makes the Lambda API: invocations here, all else by the operations in `control/`.
 *
 * @param control what can be called, and what else is kept
 * @returns a listener for `node:http`
 */
export function createInvokeRoutes(control: Control): RequestListener {
  return (request, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    route(control, requestId, request, response).catch((error: unknown) => {
      if (!response.writable || response.headersSent) return response.destroy();
      renderServiceError(response, asServiceError(error));
    });
  };
}

async function route(
  control: Control,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  requireLoopback(request.headers);
  const { functions } = control;
  const [path = '', queryText = ''] = (request.url ?? '').split('?', 2);
  const query = new URLSearchParams(queryText);
  if (request.method === 'POST') {
    const exchange = { requestId, qualifier: query.get('Qualifier') ?? undefined, request, response };
    const invoked = INVOKE_PATH.exec(path)?.[1];
    if (invoked !== undefined) return invoke(functions, invoked, exchange);
    const streamed = INVOKE_STREAM_PATH.exec(path)?.[1];
    if (streamed !== undefined) {
      const { invokeStream } = await import('./invoke-stream.ts');
      return invokeStream(functions, streamed, exchange);
    }
    const queued = INVOKE_ASYNC_PATH.exec(path)?.[1];
    if (queued !== undefined) return invoke(functions, queued, exchange, 'Event');
  }
  const { routeControl } = await import('./control/control-routes.ts');
  await routeControl(control, { path, query, request }, response);
}

async function invoke(
  functions: FunctionDirectory,
  segment: string,
  exchange: Exchange,
  forcedType?: InvocationType,
): Promise<void> {
  const { response } = exchange;
  const { name, type, wantsTail, invocation } = await readInvocation(
    functions,
    segment,
    exchange,
    forcedType,
  );
  if (type === 'DryRun') return void response.writeHead(204).end();
  const run = functions.run(name, invocation);
  response.setHeader('x-amzn-trace-id', invocation.traceId);
  if (type === 'Event') return void response.writeHead(202, { 'content-length': 0 }).end();

  const answer = await run.answered;
  if (answer.failed) response.setHeader('x-amz-function-error', 'Unhandled');
  if (wantsTail) {
    const { logTail } = await run.finished;
    response.setHeader('x-amz-log-result', Buffer.from(logTail).toString('base64'));
  }
  response.writeHead(200, {
    'content-type': answer.contentType,
    'content-length': answer.payload.length,
    'x-amz-executed-version': run.version,
  });
  response.end(answer.payload);
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('ServiceException', error instanceof Error ? error.message : String(error));
}
