import type { WriteBody } from '../../runtime/http1/chunk-writer.ts';
import type { WholeBody } from '../../runtime/http1/whole-body.ts';
import type { FunctionError } from '../protocol.ts';
import type { HeaderLookup } from './context.ts';

/** An invocation as the bootstrap forwards it. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly header: HeaderLookup;
  /** The event. */
  readonly body: WholeBody;
}

/** What it gets back. */
export interface Answer {
  readonly status: number;
  /** Header lines, each with its line end. */
  readonly lines: string;
  /** Whole, or what writes it part by part. */
  readonly body: WholeBody | WriteBody;
  /** Of an error: what was thrown, and what callers see of it. */
  readonly failure?: { readonly error: unknown; readonly described: FunctionError };
}
