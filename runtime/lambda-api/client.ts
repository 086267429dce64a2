import { type Dispatcher, Pool } from 'undici';
import { PilotlightError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Answer, Headers, Invocation } from './invocation.ts';
import {
  INIT_ERROR_PATH,
  INVOCATION_ID_HEADER,
  INVOCATION_PATH,
  NEXT_PATH,
  REQUEST_ID_HEADER,
} from './names.ts';

/** The four calls a runtime makes. */
export interface LambdaApi {
  /**
   * Waits for an event, as long as it takes: the environment may be frozen for hours meanwhile.
   *
   * @param signal aborted when the bootstrap is to end
   * @throws {PilotlightError} `PLATFORM_REFUSED` when the Runtime API is gone or refuses
   */
  next(signal: AbortSignal): Promise<Invocation>;
  /**
   * Delivers an invocation's one answer. What Lambda refuses is over for us and only logged, since its caller has
   * an answer by then: 413 is one by itself, 400, 403 and 410 say that the time for it has passed.
   *
   * @throws {PilotlightError} `PLATFORM_REFUSED` on 5xx, after which a runtime is to exit
   */
  answer(invocation: Invocation, answer: Answer): Promise<void>;
  /** Says why the environment did not start. */
  initError(answer: Answer): Promise<void>;
  close(): Promise<void>;
}

/** Not a timeout anywhere: Lambda's own deadline rules, and a frozen environment notices no time at all. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 } as const;
/** Longer than an environment lives; without the server's word undici would close idle connections after 4 s. */
const KEEP_ALIVE_MS = 24 * 60 * 60 * 1000;
/** A connection that broke was idle too long or its server restarted; three in a row are an outage. */
const CONNECTION_TRIES = 3;
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED']);

/**
 * Connects to the Runtime API.
 *
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param connections how many pollers there are: each has a connection that stays open
 * @param log where refusals are told
 */
export function createLambdaApi(authority: string, connections: number, log: Log): LambdaApi {
  const pool = new Pool(`http://${authority}`, {
    ...NO_TIMEOUTS,
    connections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // An event may come with a client context of 3.5 kB, but the limit that Lambda sets is on all headers: 1 MB.
    maxHeaderSize: 1_100_000,
  });

  const post = async (path: string, headers: Headers, body: Uint8Array | string) => {
    const response = await send(pool, { path, method: 'POST', headers, body });
    const text = await response.body.text();
    if (response.statusCode >= 500) {
      throw new PilotlightError(
        'PLATFORM_REFUSED',
        `Cannot post to ${path}: got ${response.statusCode} ${text}`,
      );
    }
    if (response.statusCode >= 300) log.warn(`${path} was refused with ${response.statusCode}: ${text}`);
  };

  return {
    async next(signal) {
      const response = await send(pool, { path: NEXT_PATH, method: 'GET', signal });
      const body = await response.body.bytes();
      const requestId = response.headers[REQUEST_ID_HEADER];
      if (response.statusCode !== 200 || typeof requestId !== 'string') {
        throw new PilotlightError(
          'PLATFORM_REFUSED',
          `Cannot get the next event: got ${response.statusCode} ${Buffer.from(body).toString('utf8', 0, 500)}, expected 200 with a request id`,
        );
      }
      return { requestId, headers: forWorker(response.headers), body };
    },

    async answer(invocation, answer) {
      const path = `${INVOCATION_PATH}${encodeURIComponent(invocation.requestId)}`;
      const nonce = invocation.headers[INVOCATION_ID_HEADER];
      const headers =
        nonce === undefined ? answer.headers : { ...answer.headers, [INVOCATION_ID_HEADER]: nonce };
      await post(`${path}/${answer.kind === 'result' ? 'response' : 'error'}`, headers, answer.body);
    },

    async initError(answer) {
      await post(INIT_ERROR_PATH, answer.headers, answer.body);
    },

    close: () => pool.destroy(),
  };
}

type Request = Pick<Dispatcher.RequestOptions, 'path' | 'method' | 'headers' | 'body' | 'signal'>;

/**
 * Sends a request, once more on a fresh connection when one broke. Safe with the Runtime API: a poll that was
 * answered replays its event, an answer that had arrived is refused the second time (400 or 403).
 */
async function send(pool: Pool, request: Request): Promise<Dispatcher.ResponseData> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await pool.request(request);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (BROKEN.has(code ?? '') && attempt < CONNECTION_TRIES) continue;
      throw new PilotlightError('PLATFORM_REFUSED', `Cannot reach ${request.path}: ${message}`, {
        cause: error,
      });
    }
  }
}

function forWorker(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && (name.startsWith('lambda-runtime-') || name === 'content-type'))
      kept[name] = value;
  }
  return kept;
}
