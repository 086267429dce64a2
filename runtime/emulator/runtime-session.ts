import type { Answer, AnswerStream } from './invocation.ts';

/** States of a runtime, by the names that appear in the Runtime API's error messages. */
type RuntimeState =
  | 'Started'
  | 'InitError'
  | 'Ready'
  | 'Running'
  | 'InvocationResponse'
  | 'InvocationErrorResponse'
  | 'RuntimeResponseSentState';

/** An event as the runtime gets it. */
export interface Delivery {
  readonly requestId: string;
  /** A nonce for this delivery alone, so that an answer to an earlier one can be told apart. */
  readonly nonce: string;
  readonly event: Uint8Array;
  /** Headers of the answer to `next`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Takes a streamed answer as it comes. */
  readonly stream?: AnswerStream | undefined;
  /** Whether the connection is to break under the event, this time. */
  readonly breaksOff?: (() => boolean) | undefined;
}

/** What follows a delivery. */
export interface Delivered {
  /** Settles with the first answer. */
  readonly answered: Promise<Answer>;
  /** Settles when the runtime asks for the next event. */
  readonly settled: Promise<void>;
}

/** A long poll that waits for its event. */
export type Poll = (delivery: Delivery) => void;

/** An init error as the runtime posted it. */
export interface PostedInitError {
  readonly answer: Answer;
  readonly errorType: string;
}

/** A request that the Runtime API refuses. */
export class RuntimeApiError extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.name = 'RuntimeApiError';
    this.status = status;
    this.errorType = errorType;
  }
}

interface Current extends Delivery {
  readonly answered: PromiseWithResolvers<Answer>;
  readonly settled: PromiseWithResolvers<void>;
}

/** The state machine of the Runtime API for one start of a bootstrap. It knows nothing of HTTP. */
export class RuntimeSession {
  #state: RuntimeState = 'Started';
  #current: Current | undefined;
  readonly #polls = new Set<Poll>();
  readonly #initialised = Promise.withResolvers<void>();
  #initError: PostedInitError | undefined;

  /** Settles at the first `next`. */
  get initialised(): Promise<void> {
    return this.#initialised.promise;
  }

  get initError(): PostedInitError | undefined {
    return this.#initError;
  }

  /** Hands an event to the runtime, which must be ready. */
  deliver(delivery: Delivery): Delivered {
    this.#current = {
      ...delivery,
      answered: Promise.withResolvers<Answer>(),
      settled: Promise.withResolvers<void>(),
    };
    this.#state = 'Running';
    for (const poll of this.#polls) poll(delivery);
    this.#polls.clear();
    return { answered: this.#current.answered.promise, settled: this.#current.settled.promise };
  }

  /**
   * The runtime asks for the next event.
   *
   * @returns a function that takes the poll back when its connection closes
   * @throws {RuntimeApiError} 403 out of order
   */
  poll(poll: Poll): () => void {
    switch (this.#state) {
      case 'Running':
        // A client whose long poll broke asks again: it gets the event that it may have missed.
        if (this.#current !== undefined) poll(this.#current);
        return () => {};
      case 'Started':
      case 'Ready':
      case 'RuntimeResponseSentState':
        break;
      default:
        throw this.#refuse('Ready');
    }
    this.#state = 'Ready';
    this.#polls.add(poll);
    this.#initialised.resolve();
    this.#current?.settled.resolve();
    return () => this.#polls.delete(poll);
  }

  /**
   * The runtime could not initialise.
   *
   * @throws {RuntimeApiError} 403 after the first `next`
   */
  failInit(error: PostedInitError): void {
    if (this.#state !== 'Started') throw this.#refuse('InitError');
    this.#state = 'InitError';
    this.#initError = error;
  }

  /**
   * The runtime begins to answer; `finishAnswer` follows once the body was read.
   *
   * @param requestId from the path
   * @param nonce the runtime's echo of the delivery's nonce; older runtimes send none
   * @returns who takes the answer as it comes, if somebody does
   * @throws {RuntimeApiError} 400 for another invocation's id, 410 for another delivery's nonce, 403 out of order
   */
  beginAnswer(
    kind: 'InvocationResponse' | 'InvocationErrorResponse',
    requestId: string,
    nonce: string | undefined,
  ): AnswerStream | undefined {
    if (this.#current?.requestId !== requestId) {
      throw new RuntimeApiError(400, 'InvalidRequestID', 'Invalid request ID');
    }
    if (nonce !== undefined && nonce !== this.#current.nonce) {
      throw new RuntimeApiError(410, 'InvokeTimeout', 'Invoke timeout');
    }
    if (this.#state !== 'Running') throw this.#refuse(kind);
    this.#state = kind;
    return this.#current.stream;
  }

  /** The answer is complete and goes to the caller; the runtime's next legal call is `next`. */
  finishAnswer(answer: Answer): void {
    this.#state = 'RuntimeResponseSentState';
    this.#current?.answered.resolve(answer);
  }

  /** The answer goes to the caller, but the runtime broke the protocol and can only be replaced. */
  finishForGood(answer: Answer): void {
    this.#current?.answered.resolve(answer);
  }

  /** The invocation ended without the runtime: what still comes of its answer reaches nobody. */
  abandon(): void {
    this.#current = undefined;
  }

  #refuse(wanted: RuntimeState): RuntimeApiError {
    const message = `State transition from ${this.#state} to ${wanted} failed for runtime. Error: State transition is not allowed`;
    return new RuntimeApiError(403, 'InvalidStateTransition', message);
  }
}
