import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { request } from 'undici';

/** Where an extension listens for telemetry. */
export type Target =
  | { readonly protocol: 'HTTP'; readonly url: URL }
  /** A port of the loopback address. */
  | { readonly protocol: 'TCP'; readonly port: number };

/** Takes telemetry to an extension. */
export interface Destination {
  /**
   * Sends events, each as JSON; settles when they have arrived, over TCP when they were taken off our hands.
   *
   * @throws {Error} when they have not
   */
  send(events: readonly string[]): Promise<void>;
  /** Gives up what is under way. */
  close(): void;
}

/** Makes the way to a target; nothing is sent yet. */
export function openDestination(target: Target): Destination {
  return target.protocol === 'HTTP' ? overHttp(target.url) : overTcp(target.port);
}

/** A batch is an array of JSON in a request of its own. */
function overHttp(url: URL): Destination {
  const closing = new AbortController();
  return {
    async send(events) {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `[${events.join(',')}]`,
        signal: closing.signal,
        // An extension that is frozen answers when it goes on.
        headersTimeout: 0,
      });
      await answer.body.dump();
      if (answer.statusCode >= 400) throw new Error(`status ${answer.statusCode}`);
    },
    close: () => closing.abort(),
  };
}

/** Every event is a line, all on one connection while that lasts. */
function overTcp(port: number): Destination {
  let socket: Socket | undefined;
  return {
    async send(events) {
      if (socket === undefined || !socket.writable) {
        socket = connect(port, '127.0.0.1');
        // Told by the write that fails.
        socket.on('error', () => {});
        // Nothing is expected back; what comes must not keep the end of the connection from being seen.
        socket.resume();
        await once(socket, 'connect');
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.write(`${events.join('\n')}\n`, (error) => (error ? reject(error) : resolve()));
      await promise;
    },
    // With an error, for who still waits for the connection.
    close: () => void socket?.destroy(new Error('the environment ended')),
  };
}
