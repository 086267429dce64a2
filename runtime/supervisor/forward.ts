import {
  ANSWERED_HEADER,
  INVOCATIONS_PATH,
  REHEARSALS_PATH,
  REPLACE_HEADER,
  TOKEN_HEADER,
} from '../../worker/protocol.ts';
import { PilotlightError } from '../errors.ts';
import { headerLookup, headerOf } from '../http1/head.ts';
import { isWhole } from '../http1/whole-body.ts';
import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import {
  ERROR_BODY_HEADER,
  ERROR_TYPE_HEADER,
  RESPONSE_MODE_HEADER,
  XRAY_CAUSE_HEADER,
} from '../lambda-api/names.ts';
import type { CreateHttpClient, HttpAnswer } from '../transport/http-client.ts';
import { pathSegment } from '../transport/path-segment.ts';

/** What a worker made of an invocation, and whether it asks to be replaced. */
export interface Forwarded {
  readonly answer: Answer;
  readonly replace: boolean;
}

/** Told once, of either; neither may throw. */
export interface ForwardExchange {
  onAnswer(forwarded: Forwarded): void;
  /** Told when the worker takes no more: another may have the invocation, unless its body has flowed. */
  onNotTaken(): void;
  /** @param error `WORKER_GARBLED` for what is no answer, or whatever the connection told when it broke */
  onError(error: Error): void;
}

/** The way to a worker's host. */
export interface WorkerClient {
  /** Hands an invocation over and tells what came of it, without a limit of time. */
  forward(invocation: Invocation, exchange: ForwardExchange): void;
  /** Hands over what is no event, for a handler that is not the function's. */
  rehearse(invocation: Invocation, exchange: ForwardExchange): void;
  /**
   * Sends a request that is no invocation.
   *
   * @param path a path of the worker protocol that is no invocation's
   * @param lines header lines, each with its line end
   * @param body the body
   */
  post(path: string, lines?: string, body?: Buffer): Promise<HttpAnswer>;
  close(): void;
}

/** Of an answer's headers, those that are the caller's business. */
const ANSWER_HEADERS = ['content-type', ERROR_TYPE_HEADER, XRAY_CAUSE_HEADER];
/** What Lambda has to know of a stream before it comes. */
export const STREAM_LINES = `${RESPONSE_MODE_HEADER}: streaming\r\ntrailer: ${ERROR_TYPE_HEADER}, ${ERROR_BODY_HEADER}\r\n`;
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
    isStream: (lines) => headerOf(lines, RESPONSE_MODE_HEADER) === 'streaming',
  });
  const tokenLine = `${TOKEN_HEADER}: ${token}\r\n`;
  // Nearly all answers of a worker have the same headers.
  let known = readLines('');
  const forwardTo =
    (base: string): WorkerClient['forward'] =>
    ({ requestId, lines, body, streamBytes }, { onAnswer, onNotTaken, onError }) => {
      const id = pathSegment(requestId);
      const path = base + id;
      const request = { method: 'POST', path, lines: tokenLine + lines, body, streamBytes } as const;
      client.send(request, {
        onAnswer(answer) {
          const { status, body: answerBody } = answer;
          const answerLines = linesFor(id, answer.lines);
          if (answerLines === undefined) return onError(ofAnother(answer, id));
          if (status === 503) return onNotTaken();
          if (status !== 200 && status !== 500)
            return onError(garbled(`got status ${status}, expected 200 or 500`));
          if (answerLines !== known.lines) known = readLines(answerLines);
          const kind = status === 200 ? 'result' : 'error';
          const { replace } = known;
          const picked = isWhole(answerBody) ? known.picked : known.picked + STREAM_LINES;
          onAnswer({ answer: { kind, lines: picked, body: answerBody }, replace });
        },
        onError,
      });
    };
  return {
    forward: forwardTo(INVOCATIONS_PATH),
    rehearse: forwardTo(REHEARSALS_PATH),
    post: (path, lines = '', body = Buffer.alloc(0)) =>
      new Promise((onAnswer, onError) => {
        client.send({ method: 'POST', path, lines: tokenLine + lines, body }, { onAnswer, onError });
      }),
    close: () => client.close(),
  };
}

/**
 * The lines behind the one that says for which invocation an answer is; `undefined` when it is not for this one. Where
 * that line is not the first, they are all the lines.
 */
function linesFor(id: string, lines: string): string | undefined {
  const first = `${ANSWERED_HEADER}: ${id}\r\n`;
  if (lines.startsWith(first)) return lines.slice(first.length);
  return headerOf(lines, ANSWERED_HEADER) === id ? lines : undefined;
}

/** Nobody can tell any more what else the worker would send. A body that flows is let go with the connection. */
function ofAnother({ lines, body }: HttpAnswer, id: string): PilotlightError {
  if (!isWhole(body)) body.destroy();
  const answered = headerOf(lines, ANSWERED_HEADER);
  const got = answered === undefined ? 'for no invocation' : `for invocation "${answered}"`;
  return garbled(`it is ${got}, expected "${id}"`);
}

function readLines(lines: string) {
  const header = headerLookup(lines);
  return { lines, picked: pick(header), replace: header(REPLACE_HEADER) === '1' };
}

function garbled(reason: string): PilotlightError {
  return new PilotlightError('WORKER_GARBLED', `Cannot use the worker's answer: ${reason}`);
}

function pick(header: (name: string) => string | undefined): string {
  let picked = '';
  for (const name of ANSWER_HEADERS) {
    const value = header(name);
    if (value !== undefined) picked += `${name}: ${value}\r\n`;
  }
  return picked;
}
