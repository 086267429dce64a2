import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  ERROR_TYPE_HEADER,
  INIT_ERROR_PATH,
  INVOCATION_ID_HEADER,
  INVOCATION_PATH,
  MAX_RESPONSE_BYTES,
  NEXT_PATH,
  RESPONSE_MODE_HEADER,
  RUNTIME_API_VERSION,
} from '../lambda-api/names.ts';
import { errorAnswer } from './failure.ts';
import type { Answer } from './invocation.ts';
import { readBody } from './read-body.ts';
import { renderJson } from './render-json.ts';
import { headerOf, takeResponse, truncated } from './runtime-response.ts';
import { type Delivery, RuntimeApiError, type RuntimeSession } from './runtime-session.ts';

/** What the platform keeps of an error type; anything else is filed under the names for unknown errors. */
const KNOWN_ERROR_TYPE = /(Runtime|Function)\.[A-Z][a-zA-Z]+/;

/** Answers what belongs to another API on the same port; false when it does not know the path either. */
export type OtherRoutes = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

/**
 * Makes the Runtime API of one environment.
 *
 * @param session the state machine behind it
 * @param others what else is served on its port
 * @returns a listener for `node:http`
 */
export function createRuntimeRoutes(
  session: RuntimeSession,
  others: OtherRoutes = async () => false,
): RequestListener {
  return (request, response) => {
    route(session, others, request, response).catch((error: unknown) => renderError(response, error));
  };
}

async function route(
  session: RuntimeSession,
  others: OtherRoutes,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (request.method === 'GET' && path === NEXT_PATH) return next(session, response);
  if (request.method === 'GET' && path === `${RUNTIME_API_VERSION}/ping`) return response.end('pong');
  if (request.method === 'POST' && path === INIT_ERROR_PATH) return initError(session, request, response);
  if (request.method === 'POST' && path.startsWith(INVOCATION_PATH)) {
    const [id = '', kind, ...rest] = path.slice(INVOCATION_PATH.length).split('/');
    if (rest.length === 0) {
      if (kind === 'response') return invocationResponse(session, decodeId(id), request, response);
      if (kind === 'error') return invocationError(session, decodeId(id), request, response);
    }
  }
  if (await others(path, request, response)) return;
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
}

function next(session: RuntimeSession, response: ServerResponse): void {
  const withdraw = session.poll((delivery) => renderEvent(response, delivery));
  response.once('close', withdraw);
}

async function initError(session: RuntimeSession, request: IncomingMessage, response: ServerResponse) {
  const answer = await readError(request);
  session.failInit({ answer, errorType: filterErrorType(request.headers[ERROR_TYPE_HEADER]) });
  renderAccepted(response);
}

async function invocationError(
  session: RuntimeSession,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  session.beginAnswer('InvocationErrorResponse', requestId, headerOf(request, INVOCATION_ID_HEADER));
  session.finishAnswer(await readError(request).catch(truncated));
  renderAccepted(response);
}

async function invocationResponse(
  session: RuntimeSession,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const nonce = headerOf(request, INVOCATION_ID_HEADER);
  const stream = session.beginAnswer('InvocationResponse', requestId, nonce);
  const mode = headerOf(request, RESPONSE_MODE_HEADER);
  if (mode !== undefined && mode !== 'streaming') {
    session.finishForGood(errorAnswer({ errorType: 'Runtime.InvalidResponseModeHeader' }));
    throw new RuntimeApiError(400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
  }
  // Whether a result is streamed is up to the invocation, as on Lambda: AWS's client for Go never sends the mode.
  const taken = await takeResponse(request, stream);
  session.finishAnswer(taken.answer);
  if (taken.refusal !== undefined) throw taken.refusal;
  renderAccepted(response);
}

async function readError(request: IncomingMessage): Promise<Answer> {
  const { body } = await readBody(request, MAX_RESPONSE_BYTES);
  if (body === undefined) return errorAnswer({ errorType: 'Function.ResponseSizeTooLarge' });
  return { payload: body, contentType: 'application/json', failed: true };
}

function filterErrorType(value: string | string[] | undefined): string {
  const text = String(value ?? '');
  if (KNOWN_ERROR_TYPE.test(text)) return text;
  return text.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RuntimeApiError(400, 'InvalidRequestID', 'Invalid request ID');
  }
}

function renderEvent(response: ServerResponse, delivery: Delivery): void {
  if (delivery.breaksOff?.()) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(200, { ...delivery.headers, 'content-length': delivery.event.length });
  response.end(delivery.event);
}

function renderAccepted(response: ServerResponse): void {
  renderJson(response, 202, { status: 'OK' });
}

function renderError(response: ServerResponse, error: unknown): void {
  if (error instanceof RuntimeApiError) {
    renderJson(response, error.status, { errorMessage: error.message, errorType: error.errorType });
  } else {
    // Only a request that broke off gets here, and its client is gone.
    response.destroy();
  }
}
