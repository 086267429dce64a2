import { INVOCATIONS_PATH, REPLACE_HEADER, TOKEN_HEADER } from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';
import { headerOf } from '../http1/head.ts';
import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import { ERROR_TYPE_HEADER, XRAY_CAUSE_HEADER } from '../lambda-api/names.ts';
import type { CreateHttpClient } from '../transport/http-client.ts';

/** What a worker made of an invocation, and whether it asks to be replaced. */
export interface Forwarded {
  readonly answer: Answer;
  readonly replace: boolean;
}

/** The way to a worker's host. */
export interface WorkerClient {
  /**
   * Hands an invocation over and waits for its answer, without a limit of its own.
   *
   * @throws {PilotlightError} `WORKER_GARBLED` for what is no answer; whatever the connection throws when it breaks
   */
  forward(invocation: Invocation): Promise<Forwarded>;
  close(): void;
}

/** Of an answer's headers, those that are the caller's business. */
const ANSWER_HEADERS = ['content-type', ERROR_TYPE_HEADER, XRAY_CAUSE_HEADER];
/** The X-Ray cause of an error may take 64 KiB. */
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * Connects to a worker.
 *
 * @param createClient the transport
 * @param socketPath its Unix socket
 * @param token proves to it that the bootstrap is asking
 * @param connections how many invocations may be in flight
 */
export function createWorkerClient(
  createClient: CreateHttpClient,
  socketPath: string,
  token: string,
  connections: number,
): WorkerClient {
  const client = createClient({
    target: { path: socketPath },
    host: 'worker',
    connections,
    maxHeadBytes: MAX_HEAD_BYTES,
    // Whole, so that it can be posted again when the connection to Lambda breaks.
    maxWholeBytes: Number.POSITIVE_INFINITY,
  });
  const tokenLine = `${TOKEN_HEADER}: ${token}\r\n`;
  return {
    async forward({ requestId, lines, body, streamBytes }) {
      const path = INVOCATIONS_PATH + encodeURIComponent(requestId);
      const answer = await client.request({
        method: 'POST',
        path,
        lines: tokenLine + lines,
        body,
        streamBytes,
      });
      if (answer.status !== 200 && answer.status !== 500) {
        throw new PilotlightError(
          'WORKER_GARBLED',
          `Cannot use the worker's answer: got status ${answer.status}, expected 200 or 500`,
        );
      }
      return {
        answer: {
          kind: answer.status === 200 ? 'result' : 'error',
          lines: pick(answer.lines),
          body: answer.body as Buffer,
        },
        replace: headerOf(answer.lines, REPLACE_HEADER) === '1',
      };
    },
    close: () => client.close(),
  };
}

function pick(lines: string): string {
  let picked = '';
  for (const name of ANSWER_HEADERS) {
    const value = headerOf(lines, name);
    if (value !== undefined) picked += `${name}: ${value}\r\n`;
  }
  return picked;
}
