import { Pool } from 'undici';
import { INVOCATIONS_PATH, REPLACE_HEADER, TOKEN_HEADER } from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';
import type { Answer, Headers, Invocation } from '../lambda-api/invocation.ts';
import { ERROR_TYPE_HEADER, XRAY_CAUSE_HEADER } from '../lambda-api/names.ts';

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
  close(): Promise<void>;
}

const ANSWER_HEADERS = ['content-type', ERROR_TYPE_HEADER, XRAY_CAUSE_HEADER];

/**
 * Connects to a worker.
 *
 * @param socketPath its Unix socket
 * @param token proves to it that the bootstrap is asking
 * @param connections how many invocations may be in flight
 */
export function createWorkerClient(socketPath: string, token: string, connections: number): WorkerClient {
  const pool = new Pool('http://worker', {
    socketPath,
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    // The host closes no connection by itself.
    keepAliveTimeout: 24 * 60 * 60 * 1000,
    keepAliveMaxTimeout: 24 * 60 * 60 * 1000,
  });
  return {
    async forward(invocation) {
      const response = await pool.request({
        method: 'POST',
        path: `${INVOCATIONS_PATH}${encodeURIComponent(invocation.requestId)}`,
        headers: { ...invocation.headers, [TOKEN_HEADER]: token },
        body: invocation.body,
      });
      const body = await response.body.bytes();
      const { statusCode } = response;
      if (statusCode !== 200 && statusCode !== 500) {
        throw new PilotlightError(
          'WORKER_GARBLED',
          `Cannot use the worker's answer: got status ${statusCode}, expected 200 or 500`,
        );
      }
      const headers = pick(response.headers);
      return {
        answer: { kind: statusCode === 200 ? 'result' : 'error', headers, body },
        replace: response.headers[REPLACE_HEADER] === '1',
      };
    },
    close: () => pool.destroy(),
  };
}

function pick(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const kept: Record<string, string> = {};
  for (const name of ANSWER_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
}
