import { Readable } from 'node:stream';
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** Below that a request is gone before anybody has read a line. */
const MIN_BYTES = 4_000_000;
const CHUNK_BYTES = 65_536;
const STEP_PERCENT = 10;

/** A request that is ready to be sent. */
interface Outgoing {
  body?: unknown;
  readonly headers: Record<string, string>;
}

/**
 * Has a client tell how far large requests are.
 *
 * @param client of an API
 * @param note takes lines such as `sent 40 %`
 */
export function tellProgress(client: LambdaClient, note: (line: string) => void): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as Outgoing;
      const { body } = request;
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      if (!(bytes instanceof Uint8Array) || bytes.length < MIN_BYTES) return next(args);
      // Signed already, and made anew for each attempt: the connection takes chunks as fast as it sends them.
      const headers = { ...request.headers, 'content-length': String(bytes.length) };
      const sent = Readable.from(counted(bytes, note), { objectMode: false });
      return next({ ...args, request: { ...request, headers, body: sent } });
    },
    { step: 'deserialize', priority: 'low', name: 'tellProgress' },
  );
}

function* counted(bytes: Uint8Array, note: (line: string) => void): Generator<Uint8Array> {
  let told = 0;
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
    const percent = Math.floor((100 * Math.min(start + CHUNK_BYTES, bytes.length)) / bytes.length);
    if (percent < told + STEP_PERCENT) continue;
    told = percent - (percent % STEP_PERCENT);
    note(`sent ${told} %`);
  }
}
