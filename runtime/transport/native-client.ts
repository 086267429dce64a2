import { ClientConnection, type Exchange } from '../http1/client-connection.ts';
import type { Incoming } from '../http1/incoming-body.ts';
import type { CreateHttpClient, HttpAnswer, HttpExchange, HttpRequest } from './http-client.ts';

/** A connection, and whether all it does is to wait. */
interface Lane {
  readonly connection: ClientConnection;
  waits: boolean;
}

/**
 * Makes a client on our own framing: no library's client comes near what an invocation costs otherwise.
 *
 * @param options the server; there are as many connections as requests at once
 */
export const createNativeClient: CreateHttpClient = ({ target, host, maxHeadBytes, maxWholeBytes }) => {
  const options = { target, maxHeadBytes, maxWholeBytes };
  const hostLine = ` HTTP/1.1\r\nHost: ${host}\r\n`;
  const lanes: Lane[] = [];
  const free: Lane[] = [];
  let isStopping = false;

  const headOf = ({ method, path, lines }: HttpRequest) => `${method} ${path}${hostLine}${lines}`;

  // The one used last: a poller's answer goes where its event came from.
  const takeLane = () => free.pop() ?? openLane();

  function openLane(): Lane {
    const lane = { connection: new ClientConnection(options), waits: false };
    lanes.push(lane);
    return lane;
  }

  function wait(lane: Lane): void {
    lane.waits = true;
    if (isStopping) lane.connection.close();
  }

  /** The last exchange of a lane's: afterwards it is free. */
  function lastOf(lane: Lane, exchange: HttpExchange): Exchange {
    return {
      onAnswer(incoming) {
        release(lane);
        exchange.onAnswer(toAnswer(incoming));
      },
      onError(error) {
        release(lane);
        exchange.onError(error);
      },
    };
  }

  function release(lane: Lane): void {
    lane.waits = false;
    free.push(lane);
  }

  return {
    send(request, exchange) {
      const lane = takeLane();
      lane.connection.send(headOf(request), request.body, request.streamBytes, lastOf(lane, exchange));
      if (request.waits) wait(lane);
    },
    sendBoth(request, exchange, next, nextExchange) {
      const lane = takeLane();
      const first: Exchange = {
        onAnswer(incoming) {
          exchange.onAnswer(toAnswer(incoming));
          wait(lane);
        },
        onError: (error) => exchange.onError(error),
      };
      const body = request.body as Buffer;
      lane.connection.sendBoth(headOf(request), body, first, headOf(next), lastOf(lane, nextExchange));
    },
    stopWaiting() {
      isStopping = true;
      for (const { connection, waits } of lanes) if (waits) connection.close();
    },
    close() {
      for (const { connection } of lanes) connection.close();
    },
  };
};

function toAnswer({ head, body }: Incoming): HttpAnswer {
  const { status, lines, bodyEnd } = head;
  return { status, lines, body, streamBytes: bodyEnd.kind === 'length' ? bodyEnd.bytes : undefined };
}
