import { ClientConnection } from '../http1/client-connection.ts';
import type { CreateHttpClient } from './http-client.ts';

/**
 * Makes a client on our own framing: no library's client comes near what an invocation costs otherwise.
 *
 * @param options the server; there are as many connections as requests at once
 */
export const createNativeClient: CreateHttpClient = ({ target, host, maxHeadBytes, maxWholeBytes }) => {
  const options = { target, maxHeadBytes, maxWholeBytes };
  const all = new Set<ClientConnection>();
  const free: ClientConnection[] = [];
  const open = () => {
    const connection = new ClientConnection(options);
    all.add(connection);
    return connection;
  };
  return {
    async request({ method, path, lines, body, streamBytes, signal }) {
      // The one used last: a poller's answer goes where its event came from.
      const connection = free.pop() ?? open();
      const giveUp = () => connection.close();
      signal?.addEventListener('abort', giveUp, { once: true });
      try {
        const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines}`;
        const answer = await connection.request(head, body, streamBytes);
        const { status, lines: answerLines, bodyEnd } = answer.head;
        return {
          status,
          lines: answerLines,
          body: answer.body,
          streamBytes: bodyEnd.kind === 'length' ? bodyEnd.bytes : undefined,
        };
      } finally {
        signal?.removeEventListener('abort', giveUp);
        free.push(connection);
      }
    },
    close() {
      for (const connection of all) connection.close();
    },
  };
};
