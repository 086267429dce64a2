import type { PilotlightError } from '../errors.ts';
import type { BodyStream } from '../http1/incoming-body.ts';
import { isWhole } from '../http1/whole-body.ts';
import type { Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import type { ForwardExchange, Forwarded } from '../supervisor/forward.ts';
import { OverlapStream } from './overlap-stream.ts';

/** One of several invocations in a worker. It is answered once: by the worker, or without it when it is given up. */
export class Overlap implements ForwardExchange {
  readonly requestId: string;
  /** Since 1970. */
  readonly deadlineMs: number;
  isFollowed = false;
  readonly #exchange: ForwardExchange;
  readonly #running: Set<Overlap>;
  readonly #log: Log;
  #stream: OverlapStream | undefined;
  #ended: AbortController | undefined;
  #isGivenUp = false;

  /**
   * @param invocation the invocation
   * @param deadlineMs its deadline, since 1970
   * @param exchange told of the answer
   * @param running what runs in the worker: this is among it until it is over
   * @param log where answers are told that come too late
   */
  constructor(
    { requestId }: Invocation,
    deadlineMs: number,
    exchange: ForwardExchange,
    running: Set<Overlap>,
    log: Log,
  ) {
    this.requestId = requestId;
    this.deadlineMs = deadlineMs;
    this.#exchange = exchange;
    this.#running = running;
    this.#log = log;
    running.add(this);
  }

  /** Aborted when it is over. Most are before anybody asks. */
  get ended(): AbortSignal {
    this.#ended ??= new AbortController();
    return this.#ended.signal;
  }

  // They are called without their object.
  readonly onAnswer = (forwarded: Forwarded): void => {
    const { answer, replace } = forwarded;
    if (this.#isGivenUp) {
      this.#log.warn(`${this.requestId} was answered after its deadline: the answer is dropped`);
      if (!isWhole(answer.body)) answer.body.destroy();
    } else if (isWhole(answer.body)) {
      this.#end();
      this.#exchange.onAnswer(forwarded);
    } else this.#exchange.onAnswer({ answer: { ...answer, body: this.#follow(answer.body) }, replace });
  };

  readonly onNotTaken = (): void => {
    if (this.#isGivenUp) return;
    this.#end();
    this.#exchange.onNotTaken();
  };

  readonly onError = (error: Error): void => {
    if (this.#isGivenUp) return;
    this.#end();
    this.#exchange.onError(error);
  };

  /**
   * Answers it in the place of the worker, which goes on.
   *
   * @param error the answer
   */
  giveUp(error: PilotlightError): void {
    this.#isGivenUp = true;
    this.#end();
    if (this.#stream === undefined) this.#exchange.onError(error);
    else this.#stream.breakOff(error);
  }

  #follow(body: BodyStream): BodyStream {
    this.#stream = new OverlapStream(body, () => this.#end());
    return this.#stream;
  }

  #end(): void {
    this.#running.delete(this);
    this.#ended?.abort();
  }
}
