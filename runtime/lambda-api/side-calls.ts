import type { HttpAnswer, HttpRequest } from '../transport/http-client.ts';
import { createNativeClient } from '../transport/native-client.ts';
import { parseAuthority } from './client.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const NO_BODY = Buffer.alloc(0);

/** The calls of a start beside the polls, on connections of their own. */
export interface SideCalls {
  /**
   * Sends a request; one that waits is given up when no further event is wanted.
   *
   * @returns the answer, or `undefined` when the connection was lost or could not be made
   */
  call(
    request: Pick<HttpRequest, 'method' | 'path' | 'waits'> & { lines?: string; body?: Buffer },
  ): Promise<SideAnswer | undefined>;
  close(): void;
}

export interface SideAnswer {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | undefined;
}

/**
 * Makes what sends such calls. It always speaks our own framing: undici would not be loaded yet.
 *
 * @param authority `host:port` as in `AWS_LAMBDA_RUNTIME_API`
 * @param stopping aborted when no further event is wanted
 */
export function openSideCalls(authority: string, stopping: AbortSignal): SideCalls {
  const client = createNativeClient({
    target: parseAuthority(authority),
    host: authority,
    connections: 2,
    maxHeadBytes: MAX_HEAD_BYTES,
    maxWholeBytes: Number.POSITIVE_INFINITY,
  });
  stopping.addEventListener('abort', () => client.stopWaiting(), { once: true });
  if (stopping.aborted) client.stopWaiting();

  return {
    call: ({ method, path, waits = false, lines = '', body = NO_BODY }) =>
      new Promise((resolve) => {
        const onAnswer = (answer: HttpAnswer) => resolve(toSideAnswer(answer));
        const onError = () => resolve(undefined);
        client.send({ method, path, waits, lines, body }, { onAnswer, onError });
      }),
    close: () => client.close(),
  };
}

function toSideAnswer({ status, header, body }: HttpAnswer): SideAnswer {
  return { status, text: String(body), header };
}
