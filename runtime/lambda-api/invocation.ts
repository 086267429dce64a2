import type { Body } from '../http1/incoming-body.ts';

/** One event from the Runtime API; its bytes are never parsed on this side. */
export interface Invocation {
  readonly requestId: string;
  /** Lambda's mark of this delivery of the event, to be sent back with the answer. */
  readonly invocationId: string | undefined;
  /** Header lines as they came, each with its line end, for the worker. */
  readonly lines: string;
  /** The value of one of them by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Body;
  /** The length of a body that is a stream, where it is known. */
  readonly streamBytes: number | undefined;
}

/** What an invocation comes to, exactly one for each. */
export interface Answer {
  readonly kind: 'result' | 'error' | 'none';
  /** Header lines, each with its line end: `Content-Type`, and of an error its type and X-Ray cause. */
  readonly lines: string;
  /** Whole, so that it can be sent again when a connection breaks; or a stream, which can be sent once. */
  readonly body: Body;
}

/** In place of an answer: the event broke off between Lambda and the worker, which never saw it whole. */
export const EVENT_BROKE_OFF: Answer = { kind: 'none', lines: '', body: Buffer.alloc(0) };
