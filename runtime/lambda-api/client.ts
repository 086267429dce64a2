import { PilotlightError } from '../errors.ts';
import type { BodyStream } from '../http1/incoming-body.ts';
import { EMPTY_BODY, isWhole, type WholeBody } from '../http1/whole-body.ts';
import type { Log } from '../log.ts';
import type { CreateHttpClient, HttpAnswer, HttpExchange, HttpRequest } from '../transport/http-client.ts';
import { pathSegment } from '../transport/path-segment.ts';
import { createBrokenEvents } from './broken-events.ts';
import { createEarlyPolls } from './early-polls.ts';
import { errorAnswer } from './error-answer.ts';
import type { Answer, Invocation } from './invocation.ts';
import {
  INIT_ERROR_PATH,
  INVOCATION_ID_HEADER,
  INVOCATION_PATH,
  NEXT_PATH,
  REQUEST_ID_HEADER,
} from './names.ts';
import { RELEASE_LINES } from './release.ts';
import { createTryAgain } from './try-again.ts';

/** The calls a runtime makes. Those of every invocation tell by callbacks, as the transport below them does. */
export interface LambdaApi {
  /**
   * Waits for an event, as long as it takes: the environment may be frozen for hours meanwhile.
   *
   * @param onEvent told of the event
   * @param onError told `PLATFORM_REFUSED` when the Runtime API is gone or refuses, or no event is wanted any more
   */
  next(onEvent: (invocation: Invocation) => void, onError: (error: Error) => void): void;
  /**
   * Delivers an invocation's one answer. What Lambda refuses is over for us and only logged, since its caller has
   * an answer by then: 413 is one by itself, 400, 403 and 410 say that the time for it has passed. Nothing is sent for
   * `EVENT_BROKE_OFF`, unless it came several times for the same event.
   *
   * @param onDone told when the answer is over for us
   * @param onError told `PLATFORM_REFUSED` on 5xx, after which a runtime is to exit
   * @param mayPoll whether the next poll may go with it: not before there is a worker for what it brings
   */
  answer(
    invocation: Invocation,
    answer: Answer,
    onDone: () => void,
    onError: (error: Error) => void,
    mayPoll: boolean,
  ): void;
  /** Opens a connection ahead of the first poll, where the transport can. */
  connect(): void;
  /** Says why the environment did not start, by default at the path for that. */
  initError(answer: Answer & { readonly body: WholeBody }, path?: string): Promise<void>;
  close(): void;
}

/** Lambda's limit on the headers of an invocation is 1 MB in all. */
const MAX_HEAD_BYTES = 1_100_000;
/** A larger event flows to the worker as it comes. */
const MAX_WHOLE_EVENT_BYTES = 64 * 1024;
const POLL: HttpRequest = {
  method: 'GET',
  path: NEXT_PATH,
  lines: RELEASE_LINES,
  body: EMPTY_BODY,
  waits: true,
};

export interface LambdaApiOptions {
  /** The transport. */
  readonly createClient: CreateHttpClient;
  /** `host:port` as in `AWS_LAMBDA_RUNTIME_API`. */
  readonly authority: string;
  /** The most connections there are at once; each poller has one that stays open. */
  readonly connections: number;
  /** Whether the next poll goes out in the same write as an answer. */
  readonly pipeline: boolean;
  /** Aborted when no further event is wanted. */
  readonly stopping: AbortSignal;
  /** Where refusals are told. */
  readonly log: Log;
}

/**
 * Connects to the Runtime API.
 *
 * @param options the transport, the address, and how polls are sent
 */
export function createLambdaApi(options: LambdaApiOptions): LambdaApi {
  const { createClient, authority, connections, stopping, log } = options;
  const client = createClient({
    target: parseAuthority(authority),
    host: authority,
    connections,
    maxHeadBytes: MAX_HEAD_BYTES,
    maxWholeBytes: MAX_WHOLE_EVENT_BYTES,
  });
  stopping.addEventListener('abort', () => client.stopWaiting(), { once: true });
  const early = options.pipeline ? createEarlyPolls(client, stopping, log) : undefined;

  const tryAgain = createTryAgain(client, stopping);
  const brokenOff = createBrokenEvents();

  const poll = (exchange: HttpExchange) => client.send(POLL, tryAgain(POLL, exchange));

  function post(
    request: HttpRequest & { readonly body: WholeBody },
    onDone: () => void,
    onError: (error: Error) => void,
    mayPoll: boolean,
  ): void {
    const onAnswer = (answer: HttpAnswer) => finishPost(request.path, answer, onDone, onError);
    const firstTry = tryAgain(request, { onAnswer, onError });
    if (!mayPoll || early?.sendBehind(request, firstTry, POLL) !== true) client.send(request, firstTry);
  }

  function finishPost(
    path: string,
    { status, body }: HttpAnswer,
    onDone: () => void,
    onError: (error: Error) => void,
  ): void {
    if (status >= 500) onError(refused(`Cannot post to ${path}: got ${status} ${body}`));
    else {
      if (status >= 300) log.warn(`${path} was refused with ${status}: ${body}`);
      onDone();
    }
  }

  /** Sent once, and never with a poll behind it: nobody knows when it ends. */
  function postStream(
    invocation: Invocation,
    request: HttpRequest & { readonly body: BodyStream },
    onDone: () => void,
    onError: (error: Error) => void,
  ): void {
    const { path, body } = request;
    client.send(request, {
      onAnswer(answer) {
        // Lambda may refuse before the end; what is left is nobody's then.
        body.destroy();
        finishPost(path, answer, onDone, onError);
      },
      onError(error) {
        body.destroy();
        log.warn(`${path} was cut off: ${error.message}`);
        // Nobody knows how much arrived. If nothing did, the next poll would get the event again; else this is refused.
        answer(invocation, errorAnswer(cutOff(error)), onDone, onError, false);
      },
    });
  }

  function answer(
    invocation: Invocation,
    { kind, lines, body }: Answer,
    onDone: () => void,
    onError: (error: Error) => void,
    mayPoll: boolean,
  ): void {
    if (kind === 'none') {
      const instead = brokenOff(invocation);
      if (instead === undefined) onDone();
      else answer(invocation, instead, onDone, onError, mayPoll);
      return;
    }
    const { requestId, invocationId } = invocation;
    const path = invocationPath(requestId, kind === 'result' ? 'response' : 'error');
    const allLines =
      invocationId === undefined ? lines : `${lines}${INVOCATION_ID_HEADER}: ${invocationId}\r\n`;
    if (isWhole(body)) post({ method: 'POST', path, lines: allLines, body }, onDone, onError, mayPoll);
    else postStream(invocation, { method: 'POST', path, lines: allLines, body }, onDone, onError);
  }

  return {
    next(onEvent, onError) {
      const exchange: HttpExchange = {
        onAnswer({ status, lines, header, body, streamBytes }) {
          const requestId = header(REQUEST_ID_HEADER);
          if (status === 200 && requestId !== undefined) {
            const invocationId = header(INVOCATION_ID_HEADER);
            onEvent({ requestId, invocationId, lines, header, body, streamBytes });
          } else {
            const got = `${status} ${String(body).slice(0, 500)}`;
            onError(refused(`Cannot get the next event: got ${got}, expected 200 with a request id`));
          }
        },
        onError,
      };
      if (early === undefined) poll(exchange);
      else early.take(exchange.onAnswer, () => poll(exchange));
    },

    answer,

    initError: ({ lines, body }, path = INIT_ERROR_PATH) =>
      new Promise((resolve, reject) => post({ method: 'POST', path, lines, body }, resolve, reject, false)),

    connect: () => client.connect?.(),

    close: () => client.close(),
  };
}

function refused(message: string): PilotlightError {
  return new PilotlightError('PLATFORM_REFUSED', message);
}

function cutOff(cause: Error): PilotlightError {
  const message = `Cannot send the result to its end: ${cause.message}`;
  return new PilotlightError('RESULT_CUT_OFF', message, { cause });
}

function invocationPath(requestId: string, verb: 'response' | 'error'): string {
  return `${INVOCATION_PATH}${pathSegment(requestId)}/${verb}`;
}

/**
 * Reads `AWS_LAMBDA_RUNTIME_API`.
 *
 * @param authority `host:port`; the host may be a name, an IPv4 address, or an IPv6 address in brackets
 */
export function parseAuthority(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(':');
  return {
    host: authority.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(authority.slice(colon + 1)),
  };
}
