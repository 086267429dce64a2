/** Headers as they came: names in lower case, values byte for byte (latin1). */
export type Headers = Readonly<Record<string, string>>;

/** One event from the Runtime API; its bytes are never parsed on this side. */
export interface Invocation {
  readonly requestId: string;
  /** `Lambda-Runtime-*` and `Content-Type`, for the worker. */
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What an invocation comes to, exactly one for each. */
export interface Answer {
  readonly kind: 'result' | 'error';
  /** `Content-Type`, and of an error its type and X-Ray cause. */
  readonly headers: Headers;
  readonly body: Uint8Array | string;
}
