import { PilotlightError } from '../errors.ts';
import { headerOf } from '../http1/head.ts';
import type { Log } from '../log.ts';
import type { CreateHttpClient, HttpAnswer, HttpRequest } from '../transport/http-client.ts';
import { createEarlyPolls } from './early-polls.ts';
import type { Answer, Invocation } from './invocation.ts';
import {
  INIT_ERROR_PATH,
  INVOCATION_ID_HEADER,
  INVOCATION_PATH,
  NEXT_PATH,
  REQUEST_ID_HEADER,
} from './names.ts';

/** The calls a runtime makes. */
export interface LambdaApi {
  /**
   * Waits for an event, as long as it takes: the environment may be frozen for hours meanwhile.
   *
   * @throws {PilotlightError} `PLATFORM_REFUSED` when the Runtime API is gone or refuses, or no event is wanted any more
   */
  next(): Promise<Invocation>;
  /**
   * Delivers an invocation's one answer. What Lambda refuses is over for us and only logged, since its caller has
   * an answer by then: 413 is one by itself, 400, 403 and 410 say that the time for it has passed.
   *
   * @throws {PilotlightError} `PLATFORM_REFUSED` on 5xx, after which a runtime is to exit
   */
  answer(invocation: Invocation, answer: Answer): Promise<void>;
  /** Says why the environment did not start. */
  initError(answer: Answer): Promise<void>;
  close(): void;
}

/** Lambda's limit on the headers of an invocation is 1 MB in all. */
const MAX_HEAD_BYTES = 1_100_000;
/** A larger event flows to the worker as it comes. */
const MAX_WHOLE_EVENT_BYTES = 64 * 1024;
/** A connection that broke was idle too long or its server restarted; three in a row are an outage. */
const CONNECTION_TRIES = 3;
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'TRUNCATED']);
const POLL: HttpRequest = {
  method: 'GET',
  path: NEXT_PATH,
  lines: '',
  body: Buffer.alloc(0),
  waits: true,
};

export interface LambdaApiOptions {
  /** The transport. */
  readonly createClient: CreateHttpClient;
  /** `host:port` as in `AWS_LAMBDA_RUNTIME_API`. */
  readonly authority: string;
  /** How many pollers there are: each has a connection that stays open. */
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

  /**
   * Sends a request, once more on a fresh connection when one broke. Safe with the Runtime API: a poll that was
   * answered replays its event, an answer that had arrived is refused the second time (400 or 403).
   */
  async function send(request: HttpRequest, firstTry = client.request(request)): Promise<HttpAnswer> {
    let answer = firstTry;
    for (let attempt = 1; ; attempt++) {
      try {
        return await answer;
      } catch (error) {
        const isOver = attempt === CONNECTION_TRIES || (request.waits === true && stopping.aborted);
        if (!isBroken(error) || isOver) throw unreachable(request.path, error as Error);
        answer = client.request(request);
      }
    }
  }

  function check(path: string, { status, body }: HttpAnswer): void {
    if (status < 300) return;
    if (status >= 500) {
      throw new PilotlightError('PLATFORM_REFUSED', `Cannot post to ${path}: got ${status} ${body}`);
    }
    log.warn(`${path} was refused with ${status}: ${body}`);
  }

  return {
    async next() {
      const { status, lines, body, streamBytes } = (await early?.take()) ?? (await send(POLL));
      const requestId = headerOf(lines, REQUEST_ID_HEADER);
      if (status !== 200 || requestId === undefined) {
        throw new PilotlightError(
          'PLATFORM_REFUSED',
          `Cannot get the next event: got ${status} ${String(body).slice(0, 500)}, expected 200 with a request id`,
        );
      }
      return { requestId, lines, body, streamBytes };
    },

    async answer(invocation, { kind, lines, body }) {
      const verb = kind === 'result' ? 'response' : 'error';
      const path = `${INVOCATION_PATH}${encodeURIComponent(invocation.requestId)}/${verb}`;
      const nonce = headerOf(invocation.lines, INVOCATION_ID_HEADER);
      const allLines = nonce === undefined ? lines : `${lines}${INVOCATION_ID_HEADER}: ${nonce}\r\n`;
      const post = { method: 'POST', path, lines: allLines, body } as const;
      check(path, await send(post, early?.sendBehind(post, POLL)));
    },

    async initError({ lines, body }) {
      check(INIT_ERROR_PATH, await send({ method: 'POST', path: INIT_ERROR_PATH, lines, body }));
    },

    close: () => client.close(),
  };
}

/** Whether a connection was lost, or could not be made, and another try may help. */
function isBroken(error: unknown): boolean {
  return BROKEN.has((error as NodeJS.ErrnoException).code ?? '');
}

function unreachable(path: string, cause: Error): PilotlightError {
  return new PilotlightError('PLATFORM_REFUSED', `Cannot reach ${path}: ${cause.message}`, { cause });
}

/** The host may be a name, an IPv4 address, or an IPv6 address in brackets. */
function parseAuthority(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(':');
  return {
    host: authority.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(authority.slice(colon + 1)),
  };
}
