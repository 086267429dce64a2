import { ClientConnection, type Exchange } from '../http1/client-connection.ts';
import type { Incoming } from '../http1/incoming-body.ts';
import { isWhole, type WholeBody } from '../http1/whole-body.ts';
import type { CreateHttpClient, HttpAnswer, HttpExchange, HttpRequest } from './http-client.ts';

/** A connection with one request at a time. It lives as long as its client: nothing is made anew for a request. */
class Lane implements Exchange {
  readonly connection: ClientConnection;
  readonly #free: Lane[];
  /** Whether all that the connection does is to wait. */
  waits = false;
  #exchange: HttpExchange | undefined;

  constructor(connection: ClientConnection, free: Lane[]) {
    this.connection = connection;
    this.#free = free;
  }

  send(head: string, request: HttpRequest, exchange: HttpExchange): void {
    this.#exchange = exchange;
    this.connection.send(head, request.body, request.streamBytes, this);
  }

  sendBoth(head: string, body: WholeBody, exchange: Exchange, nextHead: string, next: HttpExchange): void {
    this.#exchange = next;
    this.connection.sendBoth(head, body, exchange, nextHead, this);
  }

  onAnswer(incoming: Incoming): void {
    const exchange = this.#take();
    // A stream has the connection to itself until it is over.
    if (isWhole(incoming.body)) this.#free.push(this);
    else incoming.body.once('close', () => this.#free.push(this));
    exchange?.onAnswer(toAnswer(incoming));
  }

  onError(error: Error): void {
    this.#free.push(this);
    this.#take()?.onError(error);
  }

  #take(): HttpExchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.waits = false;
    return exchange;
  }
}

/**
 * Makes a client on our own framing: no library's client comes near what an invocation costs otherwise.
 *
 * @param options the server; there are as many connections as requests at once
 */
export const createNativeClient: CreateHttpClient = (options) => {
  const { host } = options;
  const hostLine = ` HTTP/1.1\r\nHost: ${host}\r\n`;
  const lanes: Lane[] = [];
  const free: Lane[] = [];
  let isStopping = false;

  const headOf = ({ method, path, lines }: HttpRequest) => `${method} ${path}${hostLine}${lines}`;

  // The one used last: a poller's answer goes where its event came from.
  const takeLane = () => free.pop() ?? openLane();

  function openLane(): Lane {
    const lane = new Lane(new ClientConnection(options), free);
    lanes.push(lane);
    return lane;
  }

  function wait(lane: Lane): void {
    lane.waits = true;
    if (isStopping) lane.connection.close();
  }

  return {
    connect() {
      const lane = openLane();
      lane.connection.open();
      free.push(lane);
    },
    send(request, exchange) {
      const lane = takeLane();
      lane.send(headOf(request), request, exchange);
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
      const body = request.body as WholeBody;
      lane.sendBoth(headOf(request), body, first, headOf(next), nextExchange);
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
  const header = (name: string) => head.header(name);
  return { status, lines, header, body, streamBytes: bodyEnd.kind === 'length' ? bodyEnd.bytes : undefined };
}
