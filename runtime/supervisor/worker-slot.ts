import { setTimeout as delay } from 'node:timers/promises';
import { TURN_PATH } from '../../worker/protocol.ts';
import { DeadlineWatch } from '../deadline/deadline-watch.ts';
import { watchOverlaps } from '../deadline/watch-overlaps.ts';
import { describeError, PilotlightError } from '../errors.ts';
import type { BodyStream } from '../http1/incoming-body.ts';
import { isWhole } from '../http1/whole-body.ts';
import { errorAnswer } from '../lambda-api/error-answer.ts';
import { type Answer, EVENT_BROKE_OFF, type Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import { Aftermath } from './aftermath.ts';
import { AnswerStream } from './answer-stream.ts';
import { NO_INVOCATION } from './exit-error.ts';
import type { ForwardExchange } from './forward.ts';
import type { LiveWorker } from './live-worker.ts';
import { startLimit } from './start-limit.ts';
import { StartTries } from './start-tries.ts';
import { startWorker } from './start-worker.ts';
import { stopWorker } from './stop-worker.ts';
import { brokeOff, explainSilence, giveUp, neverArrived, notStarted, notTaken } from './unanswered.ts';
import { watchWear } from './wear.ts';
import type { WorkerPlan } from './worker-plan.ts';

/** The end of a process takes the processor that whoever reads its last answer may need. */
const AFTER_ANSWER_MS = 2;

/** Holds the one worker of an environment, and replaces it when it died or asks for it. */
export class WorkerSlot {
  /** Whether the next poll cannot wait for a worker: the deadline of the invocation before it is near. */
  mustPoll = false;
  readonly #plan: WorkerPlan;
  readonly #log: Log;
  readonly #aftermath: Aftermath;
  #current: Promise<LiveWorker> | undefined;
  /** The worker of `#current` once it is ready. */
  #live: LiveWorker | undefined;
  readonly #tries: StartTries;
  #started = 0;
  /** How long a start may take, in seconds, once one has succeeded. */
  #limitS: number | undefined;
  readonly #deadlines: DeadlineWatch | undefined;
  /** Whether an invocation was given up that waited: the next report is to say for what. */
  #tracesNext = false;

  constructor(plan: WorkerPlan, log: Log, tries = new StartTries(log)) {
    this.#plan = plan;
    this.#log = log;
    this.#aftermath = new Aftermath(log);
    this.#tries = tries;
    this.#deadlines =
      plan.deadline && !plan.deadline.isConcurrent ? new DeadlineWatch(plan.deadline, log) : undefined;
  }

  /** Whether so many workers in a row did not start that none is tried any more. */
  get isHopeless(): boolean {
    return this.#tries.isHopeless;
  }

  /** Whether a worker is there to take an invocation. */
  get isReady(): boolean {
    return this.#live !== undefined;
  }

  /** How many invocations its worker has not answered yet; without a worker it is the last to choose. */
  get load(): number {
    return this.#live?.running ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the function has something to run before its end. */
  get hasShutdownHook(): boolean {
    return this.#live?.hasShutdownHook ?? false;
  }

  /**
   * Resolves when a worker is there to take an invocation, starting one if need be.
   *
   * @throws {PilotlightError} as `untilReady` does
   */
  async ready(): Promise<void> {
    await this.#worker();
  }

  /**
   * Hands an invocation to the worker. Whatever becomes of the worker, the result is one answer.
   *
   * @param invocation the event
   * @param onAnswer told of the answer
   * @param isRetry whether a worker did not take it already
   */
  forward(invocation: Invocation, onAnswer: (answer: Answer) => void, isRetry = false): void {
    const worker = this.#live;
    if (worker === undefined) {
      void this.#forwardToNext(invocation, onAnswer, isRetry);
      return;
    }
    // What has flowed cannot be sent again.
    const mayHandOn = !isRetry && isWhole(invocation.body);
    worker.running += 1;
    const exchange: ForwardExchange = {
      onAnswer: ({ answer, replace }) => {
        if (replace) this.#retire(worker, 'asked for it');
        if (!isWhole(answer.body)) return onAnswer(this.#watch(worker, invocation, answer, answer.body));
        this.#settle(worker);
        onAnswer(answer);
        this.#endWhenDone(worker);
      },
      onNotTaken: () => {
        this.#retire(worker, 'it takes no more');
        this.#release(worker);
        if (mayHandOn) return this.forward(invocation, onAnswer, true);
        giveUp(invocation);
        onAnswer(errorAnswer(notTaken(invocation)));
      },
      onError: (error) => {
        if (mayHandOn && neverArrived(error)) {
          this.#retire(worker, error.message);
          this.#release(worker);
          return this.forward(invocation, onAnswer, true);
        }
        if (!brokeOff(invocation, error)) return void this.#fail(worker, invocation, error).then(onAnswer);
        this.#release(worker);
        onAnswer(EVENT_BROKE_OFF);
      },
    };
    worker.client.forward(invocation, worker.overlaps?.begin(invocation, exchange) ?? exchange);
    // Once it is on its way: no answer comes within that call.
    this.#deadlines?.begin(invocation, worker);
  }

  async #forwardToNext(
    invocation: Invocation,
    onAnswer: (answer: Answer) => void,
    isRetry: boolean,
  ): Promise<void> {
    try {
      await this.#worker();
    } catch (error) {
      onAnswer(notStarted(invocation, error));
      return;
    }
    this.forward(invocation, onAnswer, isRetry);
  }

  async #fail(worker: LiveWorker, invocation: Invocation, error: Error): Promise<Answer> {
    giveUp(invocation);
    const reason = await this.#lose(worker, invocation, error);
    this.#release(worker);
    return errorAnswer(reason);
  }

  /** Takes a worker out of use whose connection broke; tells why it did. */
  async #lose(worker: LiveWorker, { requestId }: Invocation, error: Error): Promise<PilotlightError> {
    // An overdue one of several is given up alone. A worker is retired at once: the next event may come before it is known why.
    const isAlone = error instanceof PilotlightError && error.code === 'DEADLINE';
    if (!isAlone) this.#retire(worker, error.message);
    const known = isAlone ? error : worker.givenUp;
    const reason = known ?? (await explainSilence(worker.process, error, requestId));
    // The worker could not say it itself any more.
    this.#log.error(`${requestId} ${describeError(reason)}`);
    return reason;
  }

  /** Whatever becomes of the worker, a stream comes to an end that tells its caller. */
  #watch(worker: LiveWorker, invocation: Invocation, answer: Answer, body: BodyStream): Answer {
    const stream = new AnswerStream(body, {
      explain: (error) => this.#lose(worker, invocation, error),
      onReplace: () => this.#retire(worker, 'asked for it'),
      onEnd: () => this.#release(worker),
    });
    return { ...answer, body: stream };
  }

  /**
   * Has the worker run the function's hooks for a path of its protocol.
   *
   * @param path which
   * @throws {PilotlightError} as `checkHooks` does, or how the worker ended
   */
  async runHooks(path: string): Promise<void> {
    const { process, client } = await this.#worker();
    const { checkHooks } = await import('./check-hooks.ts');
    const answer = await client.post(path).catch(async (error: Error) => {
      throw await explainSilence(process, error, NO_INVOCATION);
    });
    checkHooks(path, answer);
  }

  /** Ends the worker, after the function's shutdown hooks. */
  async stop(): Promise<void> {
    const worker = await this.#current?.catch(() => undefined);
    if (worker !== undefined) {
      // Its end is wanted now, and no reason to replace it.
      worker.retired = true;
      await this.#stop(worker);
    }
    await this.#aftermath.over();
  }

  #worker(): Promise<LiveWorker> {
    if (this.#current === undefined) {
      const starting = this.#tries.run(() => this.#start());
      this.#current = starting;
      // The next one to ask tries again, instead of getting this failure for ever.
      starting.catch(() => {
        this.#current = undefined;
      });
    }
    return this.#current;
  }

  async #start(): Promise<LiveWorker> {
    const plan = this.#plan;
    const asyncTrace = plan.asyncTrace || this.#tracesNext;
    const beganMs = performance.now();
    const start = { number: ++this.#started, asyncTrace, limitS: this.#limitS };
    const started = await startWorker(plan, start, this.#aftermath, this.#log);
    this.#limitS ??= startLimit(performance.now() - beganMs);
    const replace = (reason: PilotlightError) => this.#replace(worker, reason);
    const shared = { process: started.process, turn: () => started.client.post(TURN_PATH), replace };
    const worker: LiveWorker = {
      ...started,
      giveUp: (reason, wasWaiting) => this.#giveUp(worker, reason, wasWaiting),
      givenUp: undefined,
      overlaps: await watchOverlaps(plan.deadline, shared, this.#log),
      wear: plan.wearLimits && watchWear(plan.wearLimits, started.process.pid),
      running: 0,
      retired: false,
      isWorn: false,
    };
    void started.process.ended.then(() => {
      this.#retire(worker, 'it ended');
      this.#endWhenDone(worker);
    });
    this.#live = worker;
    this.mustPoll = false;
    return worker;
  }

  /** The connection is closed on this side: the answer need not wait for the end of the process. */
  #giveUp(worker: LiveWorker, reason: PilotlightError, wasWaiting: boolean): void {
    this.#tracesNext = wasWaiting;
    this.mustPoll = true;
    this.#replace(worker, reason);
    worker.client.close();
  }

  /** Connections that end with the process tell which events it has not read: those may go to the next. */
  #replace(worker: LiveWorker, reason: PilotlightError): void {
    worker.givenUp = reason;
    this.#retire(worker, 'its time was over');
    this.#aftermath.kill(worker.process);
  }

  /** Takes a worker out of use; the next invocation, or the next poll, starts another. */
  #retire(worker: LiveWorker, reason: string, isWorn = false): void {
    if (worker.retired) return;
    worker.retired = true;
    worker.isWorn = isWorn;
    if (this.#live === worker) {
      this.#live = undefined;
      this.#current = undefined;
    }
    this.#log.debug(`worker ${worker.process.pid} is replaced: ${reason}`);
  }

  #release(worker: LiveWorker): void {
    this.#settle(worker);
    this.#endWhenDone(worker);
  }

  /** Notes that one of its invocations is over. */
  #settle(worker: LiveWorker): void {
    worker.running -= 1;
    const wornBy = worker.retired ? undefined : worker.wear?.note();
    if (wornBy !== undefined) this.#retire(worker, wornBy, true);
    this.#deadlines?.end();
  }

  /** Ends a worker that is out of use once it owes no answer: those on their way can be read from a dead one too. */
  #endWhenDone(worker: LiveWorker): void {
    const { retired, running, isWorn, process, client } = worker;
    if (!retired || running > 0) return;
    worker.isWorn = false;
    const { endLater } = this.#plan;
    // Its last answer goes out first.
    if (isWorn && endLater !== undefined) endLater(() => this.#aftermath.add(this.#stop(worker)));
    else if (isWorn) this.#aftermath.add(delay(AFTER_ANSWER_MS).then(() => this.#stop(worker)));
    else {
      this.#aftermath.kill(process);
      client.close();
    }
  }

  #stop({ process, client, hasShutdownHook }: LiveWorker): Promise<void> {
    const graceMs = this.#plan.skipsShutdown && !hasShutdownHook ? 0 : this.#plan.stopGraceMs;
    return stopWorker(process, client, graceMs, this.#log);
  }
}
