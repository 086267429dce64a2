import type { IncomingMessage } from 'node:http';

/** A request's body; `bytes` counts all of it, `body` is undefined when that was more than allowed. */
export interface Body {
  readonly body: Buffer | undefined;
  readonly bytes: number;
}

/**
 * Reads a request's body to its end, keeping at most `maxBytes`. Reading on past the limit lets the connection be
 * used again and the size be named in the error.
 *
 * @throws {Error} when the request ends before its body does
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  let bytes = 0;
  let chunks: Buffer[] | undefined = [];
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) chunks = undefined;
    chunks?.push(chunk);
  });
  return new Promise((resolve, reject) => {
    // A client that hangs up right after its last byte counts as "aborted" in Node, although all of it is here.
    const settle = () => {
      if (request.complete) resolve({ body: chunks && Buffer.concat(chunks), bytes });
      else reject(new Error('Request ended before its body did'));
    };
    request.once('end', settle);
    request.once('error', settle);
    request.once('close', settle);
  });
}
