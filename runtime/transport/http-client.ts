import type { SocketConnectOpts } from 'node:net';
import type { Body } from '../http1/incoming-body.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Header lines, each with its line end, without those that the transport sets: host, and where the body ends. */
  readonly lines: string;
  readonly body: Body;
  /** The length of a body that is a stream, where it is known. */
  readonly streamBytes?: number | undefined;
  /** Whether it may wait for ever, and is given up by `stopWaiting()`. */
  readonly waits?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Header lines as they came, each with its line end, without those that concern one connection only. */
  readonly lines: string;
  /** The first value of a header among them, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Body;
  /** The length of a body that is a stream, where it is known. */
  readonly streamBytes?: number | undefined;
}

/** Who waits for an answer: told once, of either, never within the call that sends. Neither may throw. */
export interface HttpExchange {
  onAnswer(answer: HttpAnswer): void;
  /** @param error a system error such as `ECONNRESET` when the connection is lost, or refused, before the answer */
  onError(error: Error): void;
}

/**
 * One server, reached over connections that stay open, each with one request at a time and no limit of time. It tells by
 * callbacks, because promises on the way of every invocation can be measured.
 */
export interface HttpClient {
  /** Opens a connection before there is a request for it. Absent where the transport cannot. */
  connect?(): void;
  send(request: HttpRequest, exchange: HttpExchange): void;
  /**
   * Sends two requests in one write, the second without waiting for the first's answer (HTTP pipelining). Absent where
   * the transport cannot.
   *
   * @param request has a body that is whole
   * @param exchange of the first request
   * @param next has no body
   * @param nextExchange of the second request; when the connection is lost, each is told that has no answer
   */
  sendBoth?(
    request: HttpRequest,
    exchange: HttpExchange,
    next: HttpRequest,
    nextExchange: HttpExchange,
  ): void;
  /** Gives up the requests that only wait, now and from now on; a request before such a one still gets its answer. */
  stopWaiting(): void;
  /** Closes all connections; requests that wait are told. */
  close(): void;
}

/** Where a client connects to, and what it takes. */
export interface HttpClientOptions {
  readonly target: SocketConnectOpts;
  /** What it says as `Host`. */
  readonly host: string;
  /** The most connections there are at once. */
  readonly connections: number;
  /** The most that the head of an answer may take. */
  readonly maxHeadBytes: number;
  /** A body of an answer above it may become a stream. */
  readonly maxWholeBytes: number;
  /** Whether an answer in chunks with these header lines is a stream, whatever its size. */
  readonly isStream?: (lines: string) => boolean;
}

/** Makes clients; which kind is the user's choice. */
export type CreateHttpClient = (options: HttpClientOptions) => HttpClient;
