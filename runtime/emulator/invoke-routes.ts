import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FunctionDirectory } from './function-directory.ts';
import { parseFunctionName } from './function-name.ts';
import type { InvocationType } from './invoke-request.ts';
import { requireLoopback } from './loopback-guard.ts';
import { type Exchange, readInvocation } from './read-invocation.ts';
import { renderServiceError, ServiceError } from './service-error.ts';

const FUNCTIONS_PATH = '/2015-03-31/functions';
const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/]+)(\/configuration)?\/?$/;
const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
const INVOKE_STREAM_PATH = /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations\/?$/;
const INVOKE_ASYNC_PATH = /^\/2014-11-13\/functions\/([^/]+)\/invoke-async\/?$/;
/** Every path of the Lambda API begins with a date. */
const API_PATH = /^\/20\d\d-\d\d-\d\d\//;

/**
 * Makes the Lambda API, as far as clients need it to find and invoke functions.
 *
 * @param functions what can be called
 * @returns a listener for `node:http`
 */
export function createInvokeRoutes(functions: FunctionDirectory): RequestListener {
  return (request, response) => {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    route(functions, requestId, request, response).catch((error: unknown) => {
      if (!response.writable || response.headersSent) return response.destroy();
      renderServiceError(response, asServiceError(error));
    });
  };
}

async function route(
  functions: FunctionDirectory,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  requireLoopback(request.headers);
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const qualifier = new URLSearchParams(query).get('Qualifier') ?? undefined;
  const exchange = { requestId, qualifier, request, response };
  const operation = `${request.method} ${path}`;
  if (request.method === 'GET') {
    if (path.replace(/\/$/, '') === FUNCTIONS_PATH) return listFunctions(functions, response);
    const [, segment, configuration] = FUNCTION_PATH.exec(path) ?? [];
    if (segment !== undefined) {
      const found = functions.find(parseFunctionName(segment, qualifier)).configuration;
      const whole = { Configuration: found, Code: {}, Tags: {} };
      return renderJson(response, configuration === undefined ? whole : found);
    }
  }
  if (request.method === 'POST') {
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
  if (API_PATH.test(path)) {
    throw new ServiceError('NotImplementedException', `The local Lambda does not know "${operation}"`);
  }
  throw new ServiceError('UnknownOperationException', `"${operation}" is no operation of the Lambda API`);
}

async function invoke(
  functions: FunctionDirectory,
  segment: string,
  exchange: Exchange,
  forcedType?: InvocationType,
): Promise<void> {
  const { response } = exchange;
  const { pool, type, wantsTail, invocation } = await readInvocation(
    functions,
    segment,
    exchange,
    forcedType,
  );
  if (type === 'DryRun') return void response.writeHead(204).end();
  const run = pool.run(invocation);
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
    'x-amz-executed-version': '$LATEST',
  });
  response.end(answer.payload);
}

function listFunctions(functions: FunctionDirectory, response: ServerResponse): void {
  renderJson(response, {
    Functions: functions.list().map(({ configuration }) => configuration),
    NextMarker: null,
  });
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('ServiceException', error instanceof Error ? error.message : String(error));
}

function renderJson(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
