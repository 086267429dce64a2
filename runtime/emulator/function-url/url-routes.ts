import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Invocation, Run } from '../invocation.ts';
import { MAX_SYNC_EVENT_BYTES, requireEventSize } from '../invoke-request.ts';
import { requireLoopback } from '../loopback-guard.ts';
import { readBody } from '../read-body.ts';
import { renderServiceError, ServiceError } from '../service-error.ts';
import { makeTraceId } from '../trace-id.ts';
import { parseUrlAnswer } from './url-answer.ts';
import { urlEvent } from './url-event.ts';
import { renderUrlAnswer, renderUrlFailure } from './url-response.ts';
import { UrlStream } from './url-stream.ts';

/** A function as its URL sees it. */
export interface UrlTarget {
  readonly arn: string;
  readonly urlId: string;
  readonly mode: 'buffered' | 'stream';
  run(invocation: Invocation): Run;
  /** Takes why an answer could not be sent: the client is not told. */
  log(line: string): void;
}

/**
 * Makes the URL of one function: every request to it is an invocation.
 *
 * @param target the function
 * @returns a listener for `node:http`
 */
export function createUrlRoutes(target: UrlTarget): RequestListener {
  return (request, response) => {
    serve(target, request, response).catch((error: unknown) => {
      if (response.headersSent || !response.writable) response.destroy();
      else if (error instanceof ServiceError) renderServiceError(response, error);
      else renderUrlFailure(response);
    });
  };
}

async function serve(target: UrlTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
  requireLoopback(request.headers);
  const requestId = randomUUID();
  const traceId = makeTraceId(String(request.headers['x-amzn-trace-id'] ?? ''));
  response.setHeader('x-amzn-requestid', requestId);
  response.setHeader('x-amzn-trace-id', traceId);
  const { body, bytes } = await readBody(request, MAX_SYNC_EVENT_BYTES);
  requireEventSize(bytes, 'RequestResponse');
  const facts = { requestId, traceId, urlId: target.urlId, nowMs: Date.now() };
  const event = Buffer.from(JSON.stringify(urlEvent(request, { ...facts, body: body ?? Buffer.alloc(0) })));
  requireEventSize(event.length, 'RequestResponse');
  const stream = target.mode === 'stream' ? new UrlStream(response) : undefined;
  const { answered } = target.run({
    requestId,
    arn: target.arn,
    event,
    traceId,
    clientContext: undefined,
    cognitoIdentity: undefined,
    tenantId: undefined,
    stream,
  });
  const answer = await answered;
  if (stream !== undefined) {
    const problem = stream.finish(answer);
    if (problem !== undefined) explain(target, requestId, problem);
  } else if (answer.failed) {
    renderUrlFailure(response);
  } else {
    renderWhole(target, requestId, answer.payload, response);
  }
}

function renderWhole(target: UrlTarget, requestId: string, payload: Uint8Array, response: ServerResponse) {
  try {
    renderUrlAnswer(response, parseUrlAnswer(payload));
  } catch (error) {
    explain(target, requestId, (error as Error).message);
    renderUrlFailure(response);
  }
}

function explain(target: UrlTarget, requestId: string, problem: string): void {
  target.log(`RequestId: ${requestId} Error: Cannot send the answer through the function URL: ${problem}`);
}
