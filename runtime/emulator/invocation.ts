/** A caller that takes the answer as it comes. It may be gone at any time: what is written then is dropped. */
export interface AnswerStream {
  /** The function begins to answer. */
  begin(contentType: string): void;
  /** Returns a promise when the caller is slower than the function; it settles when more can be taken. */
  write(chunk: Uint8Array): Promise<void> | undefined;
}

/** One event on its way to a function. */
export interface Invocation {
  readonly requestId: string;
  /** The function's ARN with the qualifier the caller used. */
  readonly arn: string;
  readonly event: Uint8Array;
  /** Value of `X-Amzn-Trace-Id`. */
  readonly traceId: string;
  /** JSON text, already decoded. */
  readonly clientContext: string | undefined;
  /** JSON text with `cognitoIdentityId` and `cognitoIdentityPoolId`. */
  readonly cognitoIdentity: string | undefined;
  readonly tenantId: string | undefined;
  /** Takes a streamed answer; without it the answer is collected. */
  readonly stream?: AnswerStream | undefined;
}

/** What the caller of the function gets. */
export interface Answer {
  /** Of a streamed answer only what has not gone through the stream: nothing, or the error. */
  readonly payload: Uint8Array;
  readonly contentType: string;
  /** Whether the payload is an error; the HTTP status stays 200 then. */
  readonly failed: boolean;
  /** The type that a stream's trailer names beside the error. */
  readonly errorType?: string;
}

/** What is known of an invocation once the environment is ready for the next one. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  /** Set when the environment was started for this invocation. */
  readonly initMs: number | undefined;
  /** Largest memory use seen in this environment, in bytes. */
  readonly memoryBytes: number;
  /** The last 4 KB of the log, from START to REPORT. */
  readonly logTail: Uint8Array;
}

/** An invocation under way. Both promises reject only when the local Lambda itself fails or is stopped. */
export interface Run {
  /** Settles as soon as the function answered. */
  readonly answered: Promise<Answer>;
  /** Settles later, when the environment is free again. */
  readonly finished: Promise<Report>;
}
