/**
 * Types for functions: `import type { Handler, FetchHandler } from 'pilotlight'`. Nothing of it is there at run time
 * but the globals `awslambda` and `pilotlight`.
 */
import type { Writable } from 'node:stream';

/** What Lambda knows of an invocation. */
export interface Context {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** A text, as on Lambda. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** What the caller sent along, parsed. */
  readonly clientContext?: unknown;
  readonly identity?: { readonly cognitoIdentityId: string; readonly cognitoIdentityPoolId: string };
  readonly tenantId?: string;
  readonly xRayTraceId?: string;
  /** Whether a result given to the callback waits until nothing is left to do. */
  callbackWaitsForEmptyEventLoop: boolean;
  /** Fires at the deadline, unless the invocation has ended. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline, negative behind it. */
  getRemainingTimeInMillis(): number;
}

/** Ends an invocation with an error, or with a result that becomes JSON. */
export type Callback<Result = unknown> = (error?: Error | string | null, result?: Result) => void;

/**
 * A function's `handler`: what it returns, or what its promise holds, is the answer.
 *
 * @example
 * export const handler: Handler<{ name: string }> = async ({ name }) => ({ greeting: `Hello, ${name}` });
 */
export type Handler<Event = unknown, Result = unknown> = (
  event: Event,
  context: Context,
  callback: Callback<Result>,
) => // biome-ignore lint/suspicious/noConfusingVoidType: with a callback, functions that return nothing are handlers
Result | Promise<Result> | void;

/** Where a streaming handler writes its answer. */
export interface ResponseStream
  extends Pick<
    Writable,
    | 'write'
    | 'end'
    | 'cork'
    | 'uncork'
    | 'destroy'
    | 'on'
    | 'once'
    | 'off'
    | 'emit'
    | 'writable'
    | 'writableEnded'
    | 'writableFinished'
    | 'writableHighWaterMark'
    | 'writableLength'
    | 'writableNeedDrain'
  > {
  /** To be called before the first write. */
  setContentType(contentType: string): void;
}

/** Status, headers and cookies of a streamed HTTP answer. */
export interface HttpResponsePrelude {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  /** Each a value of `Set-Cookie`. */
  readonly cookies?: readonly string[];
}

/** A handler for `awslambda.streamifyResponse`; it must end the stream. */
export type StreamHandler<Event = unknown> = (
  event: Event,
  responseStream: ResponseStream,
  context: Context,
) => Promise<void>;

/** What a `fetch` handler gets beside the request. */
export interface FetchInfo<Event = unknown> {
  /** The event that the request came in. */
  readonly event: Event;
  readonly context: Context;
  /**
   * Keeps the invocation running until the promise settles. The caller of a buffered answer waits for it, too; behind
   * a streamed one nobody waits, but its time is billed.
   */
  waitUntil(promise: Promise<unknown>): void;
}

/** Answers HTTP requests. */
export type Fetch<Event = unknown> = (
  request: Request,
  info: FetchInfo<Event>,
) => Response | Promise<Response>;

/**
 * What a web function exports as default.
 *
 * @example
 * export default { fetch: (request) => Response.json({ url: request.url }) } satisfies FetchHandler;
 */
export interface FetchHandler<Event = unknown> {
  fetch: Fetch<Event>;
  /** Takes events that are no HTTP requests; an export `event` does the same. */
  event?(event: unknown, context: Context): unknown;
}

declare global {
  /** Response streaming, as in Lambda's own Node runtime. */
  var awslambda: {
    /** Marks a handler that writes its answer to a stream. */
    streamifyResponse<Event>(
      handler: StreamHandler<Event>,
      options?: { readonly highWaterMark?: number },
    ): StreamHandler<Event>;
    readonly HttpResponseStream: {
      /** Puts status and headers before what is written to the stream. */
      from(responseStream: ResponseStream, prelude: HttpResponsePrelude): ResponseStream;
    };
  };

  /** Where a function registers what is to be called when its environment ends or is copied, and what it is made of. */
  var pilotlight: {
    onShutdown(hook: () => unknown): void;
    beforeSnapshot(hook: () => unknown): void;
    afterRestore(hook: () => unknown): void;
    /** SHA-256 of what each part holds, as `pilotlight explain` and `parts.json` say it; of those that say it. */
    readonly parts: { readonly interpreter?: string; readonly runtime?: string; readonly function?: string };
  };
}
