import type { Handler } from '../adapters/handler.ts';
import type { Context } from '../context.ts';
import { HostError } from '../errors.ts';
import { StreamedResult } from '../stream/streamed-result.ts';
import { createDeadlineSignal } from './deadline-signal.ts';
import type { HttpHead, HttpRequest } from './http-request.ts';
import { httpPrelude, httpResult } from './http-result.ts';
import { parseHttpEvent } from './parse-http-event.ts';
import { keepLateWork } from './wait-until.ts';

// Read here and not at the first call, which would have to wait until Node has loaded its `fetch`.
const { Request, Headers } = globalThis;

/** What a `fetch` handler gets beside the request. */
export interface FetchInfo {
  readonly event: unknown;
  readonly context: Context;
  readonly waitUntil: (promise: unknown) => void;
}

/** The user's `fetch`, bound to the object that has it. */
export type Fetch = (request: Request, info: FetchInfo, execution: FetchInfo) => unknown;

/** Takes an event that is no HTTP request. */
export type OnEvent = (event: unknown, context: Context) => unknown;

export interface FetchHandlerOptions {
  readonly fetch: Fetch;
  readonly onEvent: OnEvent | undefined;
  readonly stream: boolean;
}

/**
 * Makes a handler of a `fetch` function.
 * @param options - the function and how to answer
 * @returns the handler; it rejects with a HostError `Function.ResponseInvalid` when no `Response` comes back, and
 * `Runtime.HandlerNotFound` for another event than HTTP when nothing takes it
 */
export function createFetchHandler({ fetch, onEvent, stream }: FetchHandlerOptions): Handler {
  return async (event, context) => {
    const request = parseHttpEvent(event);
    if (request !== undefined) return await answer(fetch, request, event, context, stream);
    if (onEvent === undefined) throw noEventHandler();
    return await onEvent(event, context);
  };
}

async function answer(
  fetch: Fetch,
  request: HttpRequest,
  event: unknown,
  context: Context,
  stream: boolean,
): Promise<unknown> {
  const { signal, clear } = createDeadlineSignal(context.getRemainingTimeInMillis());
  const { waitUntil, done } = keepLateWork();
  const end = async (): Promise<void> => {
    await done();
    clear();
  };
  let isStreaming = false;
  try {
    const info = { event, context, waitUntil };
    // Once more as the third argument, where Hono and apps written for Cloudflare look for `waitUntil`.
    const response = checkResponse(await fetch(makeRequest(request, signal), info, info));
    const head = readHead(response);
    if (!stream || request.source === 'alb') {
      return httpResult(request, { ...head, body: Buffer.from(await response.arrayBuffer()) });
    }
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    const result = new StreamedResult(response.body, type, httpPrelude(head), end);
    isStreaming = true;
    return result;
  } finally {
    if (!isStreaming) await end();
  }
}

function makeRequest(
  { method, scheme, authority, target, headers, body }: HttpRequest,
  signal: AbortSignal,
): Request {
  const withBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Request(`${scheme}://${authority}${target}`, {
    method,
    headers: new Headers(headers.map(([name, value]): [string, string] => [name, value])),
    signal,
    ...(withBody && { body: new Uint8Array(body) }),
  });
}

function readHead({ status, statusText, headers }: Response): HttpHead {
  return { status, statusText, headers };
}

/** By shape: frameworks bring classes of their own. */
function checkResponse(value: unknown): Response {
  const isResponse =
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    'headers' in value &&
    'arrayBuffer' in value;
  if (isResponse) return value as Response;
  throw new HostError(
    'Function.ResponseInvalid',
    `Cannot answer the request: fetch returned ${value === null ? 'null' : `a value of type ${typeof value}`}, expected a Response`,
  );
}

function noEventHandler(): HostError {
  return new HostError(
    'Runtime.HandlerNotFound',
    'Cannot hand over the event: it is no HTTP request and the function exports no "event", expected a function of that name',
  );
}
