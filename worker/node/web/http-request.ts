/** Who sent an HTTP event: function URL or HTTP API (payload 2.0), REST API (payload 1.0), load balancer. */
export type HttpSource = 'url2' | 'rest1' | 'alb';

/** A header as it is on the wire: its name in lower case, its value a character for each byte. */
export type HeaderField = readonly [name: string, value: string];

/** An HTTP request, taken from the event that carried it. */
export interface HttpRequest {
  readonly source: HttpSource;
  /** Whether the event came with lists of values, which is the form that a load balancer reads answers in, too. */
  readonly multiValue: boolean;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host, and port where there is one. */
  readonly authority: string;
  /** Path and query string, the query's bytes as the client sent them wherever the event still has them. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** An HTTP answer without its body. */
export interface HttpHead {
  readonly status: number;
  /** The words behind the status; empty for those that belong to it. */
  readonly statusText: string;
  readonly headers: Iterable<HeaderField>;
}

/** An HTTP answer that is complete. */
export interface HttpResponse extends HttpHead {
  readonly body: Buffer;
}
