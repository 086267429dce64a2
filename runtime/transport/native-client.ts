import { ClientConnection } from '../http1/client-connection.ts';
import type { Incoming } from '../http1/incoming-body.ts';
import type { CreateHttpClient, HttpAnswer, HttpRequest } from './http-client.ts';

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

  async function take(lane: Lane, incoming: Promise<Incoming>): Promise<HttpAnswer> {
    try {
      return toAnswer(await incoming);
    } finally {
      lane.waits = false;
      free.push(lane);
    }
  }

  return {
    request(request) {
      const lane = takeLane();
      const incoming = lane.connection.request(headOf(request), request.body, request.streamBytes);
      if (request.waits) wait(lane);
      return take(lane, incoming);
    },
    requestBoth(first, second) {
      const lane = takeLane();
      const [one, two] = lane.connection.requestBoth(headOf(first), first.body as Buffer, headOf(second));
      const answered = one.then((incoming) => {
        wait(lane);
        return toAnswer(incoming);
      });
      return [answered, take(lane, two)];
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
