import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ERROR_TYPES } from './error-types.ts';
import type { Fault, Strike } from './fault.ts';
import type { PlannedInvocation } from './plan.ts';
import { send } from './send.ts';

/** Far more than any answer takes: at its end the invocation counts as lost. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** What the caller of an invocation got. */
export interface CallerAnswer {
  readonly verb: 'response' | 'error';
  readonly body: string;
}

/** What came of an invocation, and when. */
export interface DeliveryResult {
  readonly answer: CallerAnswer;
  /** Whether the platform gave the answer, since nobody else did in time. */
  readonly isTimeout: boolean;
  readonly deliveredMs: number;
  readonly answeredMs: number;
}

type State = 'new' | 'running' | 'answered';

/** One event on its way to the runtime and back, by Lambda's state machine and the faults that are planned for it. */
export class Delivery {
  readonly id: string;
  readonly result: Promise<DeliveryResult>;
  readonly #invocation: PlannedInvocation;
  readonly #strike: Strike;
  readonly #violations: string[];
  readonly #resolve: (result: DeliveryResult) => void;
  #state: State = 'new';
  #deliveredMs = performance.now();
  #deadline: NodeJS.Timeout | undefined;
  #replays = 0;
  #repeats = 0;
  #isLost = false;

  constructor(invocation: PlannedInvocation, strike: Strike, violations: string[]) {
    const { promise, resolve } = Promise.withResolvers<DeliveryResult>();
    this.id = invocation.id;
    this.result = promise;
    this.#resolve = resolve;
    this.#invocation = invocation;
    this.#strike = strike;
    // If nobody asks for it.
    this.#deadline = setTimeout(() => this.#timeOut(), DEFAULT_TIMEOUT_MS);
    this.#violations = violations;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Answers a poll with the event; the fault strikes the first one only. */
  async handOut(poll: ServerResponse): Promise<void> {
    const { event } = this.#invocation;
    const isFirst = this.#state === 'new';
    const body = Buffer.from(JSON.stringify(event));
    const timeoutMs = this.#pick('timeoutMs') ?? DEFAULT_TIMEOUT_MS;
    if (isFirst) {
      this.#state = 'running';
      this.#deliveredMs = performance.now();
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#timeOut(), timeoutMs);
    }
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': this.id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'content-length': body.length,
    };
    const deliver = isFirst ? this.#pick('deliver') : undefined;
    if (deliver === undefined) await send(poll, headers, body);
    else await deliver(poll, { headers, body }, this.#strike);
    // Once it arrives whole.
    if (this.#replays === this.#sum('replays')) await this.#pick('whileRunning')?.(this.#strike);
  }

  /** Tells that the runtime asked while it owed an answer. */
  countReplay(): void {
    this.#replays += 1;
    if (this.#replays > this.#sum('replays'))
      this.#violations.push(`${this.id} was asked for again though it had been handed out whole`);
  }

  /** Takes an answer, or refuses a second one. */
  async takePost(
    verb: CallerAnswer['verb'],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const losePost = this.#pick('losePost');
    if (losePost !== undefined && !this.#isLost) {
      this.#isLost = true;
      return losePost(response);
    }
    const body = await buffer(request);
    if (this.#state === 'answered') {
      this.#repeats += 1;
      if (this.#repeats > this.#sum('repeats')) this.#violations.push(`${this.id} was answered twice`);
      response.writeHead(403).end('{"errorType":"InvalidStateTransition"}');
      return;
    }
    this.#settle({ verb, body: String(body) }, false);
    const answerPost = this.#pick('answerPost');
    if (answerPost === undefined) response.writeHead(202).end('{"status":"OK"}\n');
    else await answerPost(response, this.#strike);
  }

  #timeOut(): void {
    if (this.#state !== 'answered')
      this.#settle({ verb: 'error', body: JSON.stringify({ errorType: ERROR_TYPES.timeout }) }, true);
  }

  #settle(posted: CallerAnswer, isTimeout: boolean): void {
    clearTimeout(this.#deadline);
    this.#state = 'answered';
    const refused = this.#invocation.faults.find(({ isRefused }) => isRefused === true);
    const answer: CallerAnswer =
      refused === undefined || posted.verb === 'error'
        ? posted
        : { verb: 'error', body: JSON.stringify({ errorType: refused.errorType }) };
    const answeredMs = performance.now();
    this.#resolve({ answer, isTimeout, deliveredMs: this.#deliveredMs, answeredMs });
  }

  /** What the one fault of its side has to say. */
  #pick<Key extends keyof Fault>(key: Key): Fault[Key] | undefined {
    return this.#invocation.faults.find((fault) => fault[key] !== undefined)?.[key];
  }

  #sum(key: 'replays' | 'repeats'): number {
    return this.#invocation.faults.reduce((sum, fault) => sum + (fault[key] ?? 0), 0);
  }
}
