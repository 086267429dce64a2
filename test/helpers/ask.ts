import type { ClientConnection } from '../../runtime/http1/client-connection.ts';
import type { Body, Incoming } from '../../runtime/http1/incoming-body.ts';

/**
 * Sends a request on a connection and waits for the answer, as `send` tells of it.
 *
 * @param connection where to
 * @param head as of `send`
 * @param body as of `send`
 * @param streamBytes as of `send`
 * @throws what `send` tells as an error
 */
export function ask(
  connection: ClientConnection,
  head: string,
  body: Body,
  streamBytes: number | undefined,
): Promise<Incoming> {
  return new Promise((resolve, reject) =>
    connection.send(head, body, streamBytes, { onAnswer: resolve, onError: reject }),
  );
}
