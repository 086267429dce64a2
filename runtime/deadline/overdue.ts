import type { PilotlightError } from '../errors.ts';

/** The worker of an invocation whose deadline comes near. */
export interface OverdueWorker {
  readonly process: { readonly pid: number | undefined };
  /**
   * Ends it with all that it started, and answers its invocation.
   *
   * @param error the answer
   * @param wasWaiting whether no code ran, so that its lines can be told only where they are kept book of
   */
  giveUp(error: PilotlightError, wasWaiting: boolean): void;
}

/** A worker in which several invocations run. */
export interface SharedWorker {
  readonly process: { readonly pid: number | undefined };
  /** Settles when its event loop has turned, or it is gone. */
  turn(): Promise<unknown>;
  /**
   * Ends it with all that it started.
   *
   * @param reason the answer of the invocations that are still in it
   */
  replace(reason: PilotlightError): void;
}

/** An invocation whose deadline comes near. */
export interface Overdue {
  readonly requestId: string;
  readonly deadlineMs: number;
  /** The function's timeout. */
  readonly timeoutS: number;
  readonly worker: OverdueWorker;
  /** Aborted when it has its answer. */
  readonly ended: AbortSignal;
}
