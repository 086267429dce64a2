import { writeFileSync } from 'node:fs';
import { INVOCATIONS_PATH } from '../../worker/protocol.ts';
import { headerOf } from '../http1/head.ts';
import { INVOCATION_PATH, NEXT_PATH, REQUEST_ID_HEADER } from '../lambda-api/names.ts';
import type { StartStamps } from '../start-stamps.ts';
import type { CreateHttpClient, HttpAnswer, HttpExchange, HttpRequest } from './http-client.ts';

/** When an invocation passed the bootstrap, in nanoseconds of the monotonic clock that all processes share. */
interface Stamps {
  /** Its head and small body had arrived. */
  received?: bigint;
  /** It was about to be written to the worker. */
  forwarded?: bigint;
  /** The worker's answer had arrived. */
  returned?: bigint;
  /** The answer was about to be written to Lambda. */
  posted?: bigint;
}

/**
 * Wraps a transport so that the benchmark can tell where the time goes. Writing belongs to the phase that follows: on one
 * processor who is written to runs before the write returns.
 *
 * @param createClient the transport
 * @param file gets a line of JSON for the start and for each invocation when the bootstrap ends
 * @param start the times of the start
 */
export function stampTransport(
  createClient: CreateHttpClient,
  file: string,
  start: StartStamps,
): CreateHttpClient {
  const all = new Map<string, Stamps>();
  const stampsOf = (id: string) => {
    const stamps = all.get(id) ?? {};
    all.set(id, stamps);
    return stamps;
  };
  const leaving = ({ path }: HttpRequest) => {
    if (path.startsWith(INVOCATIONS_PATH)) stampsOf(idIn(path, INVOCATIONS_PATH)).forwarded = now();
    else if (path !== NEXT_PATH && path.startsWith(INVOCATION_PATH)) {
      stampsOf(idIn(path, INVOCATION_PATH)).posted = now();
    }
  };
  const arrived = ({ path }: HttpRequest, answer: HttpAnswer) => {
    const id = headerOf(answer.lines, REQUEST_ID_HEADER);
    if (path === NEXT_PATH && id !== undefined) stampsOf(id).received = now();
    else if (path.startsWith(INVOCATIONS_PATH)) stampsOf(idIn(path, INVOCATIONS_PATH)).returned = now();
  };
  const stamped = (request: HttpRequest, exchange: HttpExchange): HttpExchange => ({
    onAnswer(answer) {
      arrived(request, answer);
      exchange.onAnswer(answer);
    },
    onError: (error) => exchange.onError(error),
  });
  process.on('exit', () => writeFileSync(file, toLines(start, all)));

  return (options) => {
    const client = createClient(options);
    const { sendBoth } = client;
    return {
      ...client,
      send(request, exchange) {
        leaving(request);
        client.send(request, stamped(request, exchange));
      },
      ...(sendBoth !== undefined && {
        sendBoth(first: HttpRequest, firstEnd: HttpExchange, second: HttpRequest, secondEnd: HttpExchange) {
          leaving(first);
          sendBoth(first, firstEnd, second, stamped(second, secondEnd));
        },
      }),
    };
  };
}

const now = () => process.hrtime.bigint();

function idIn(path: string, prefix: string): string {
  const end = path.indexOf('/', prefix.length);
  return decodeURIComponent(path.slice(prefix.length, end === -1 ? undefined : end));
}

function toLines(start: StartStamps, all: ReadonlyMap<string, Stamps>): string {
  const invocations = [...all].map(([requestId, stamps]) => ({ requestId, ...stamps }));
  const inWords = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  return [{ start }, ...invocations].map((line) => `${JSON.stringify(line, inWords)}\n`).join('');
}
