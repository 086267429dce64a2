import { ToolError } from '../cli/tool-error.ts';
import type { Environment } from './environment.ts';
import type { Failure } from './failure.ts';
import type { Invocation, Report, Run } from './invocation.ts';

/**
 * How long an invocation waits for an environment that has answered and is about to ask for the next event, before it
 * gets a new one. Without it a client that calls one after the other would now and then get a second environment.
 */
const SETTLE_PATIENCE_MS = 100;
/** What had an event that lately is thought to get the next one too. */
const RECENT_MS = 10_000;

/** Bounds of a pool. */
export interface PoolLimits {
  readonly maxEnvironments: number;
  /** How long an environment stays without an invocation, in milliseconds. */
  readonly idleMs: number;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly start: (run: Run) => void;
  readonly fail: (error: Error) => void;
  patience: NodeJS.Timeout | undefined;
  impatient: boolean;
}

/** All environments of one state of a function: its code and its settings. */
export class FunctionPool {
  readonly #makeEnvironment: (index: number) => Environment;
  readonly #limits: PoolLimits;
  readonly #environments = new Set<Environment>();
  /** Idle ones with the timer that ends them, the most recently used last. */
  readonly #idle: { environment: Environment; timer: NodeJS.Timeout; sinceMs: number }[] = [];
  readonly #queue: Waiting[] = [];
  #settling = 0;
  #warming = 0;
  #made = 0;
  #stopped = false;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(makeEnvironment: (index: number) => Environment, limits: PoolLimits) {
    this.#makeEnvironment = makeEnvironment;
    this.#limits = limits;
  }

  /** Serves an invocation in an idle environment, else in a new one, else when one becomes free, in order. */
  run(invocation: Invocation): Run {
    const run = new Promise<Run>((start, fail) => {
      this.#queue.push({ invocation, start, fail, patience: undefined, impatient: false });
    });
    if (this.#stopped) this.#rejectQueue();
    this.#dispatch();
    const answered = run.then((started) => started.answered);
    const finished = run.then((started) => started.finished);
    // Most callers wait for one of the two; the other must not count as an unhandled rejection.
    answered.catch(() => {});
    finished.catch(() => {});
    return { answered, finished };
  }

  /** How many environments are at work, or were until a moment ago. */
  get inUse(): number {
    const longAgoMs = performance.now() - RECENT_MS;
    return this.#environments.size - this.#idle.filter(({ sinceMs }) => sinceMs < longAgoMs).length;
  }

  /**
   * Starts an environment ahead of the invocations that are to come.
   *
   * @returns why it could not initialise, if so
   */
  async warm(): Promise<Failure | undefined> {
    if (this.#stopped) throw stopped();
    const environment = this.#add();
    this.#warming += 1;
    let failure: Failure | undefined;
    let ready = false;
    try {
      failure = await environment.start();
      ready = failure === undefined;
    } finally {
      this.#warming -= 1;
      if (ready) this.#rest(environment);
      else await this.#end(environment);
    }
    return failure;
  }

  /** Takes no more invocations, lets those that wait or run come to their end, and ends every environment. */
  async drain(): Promise<void> {
    this.#drained ??= Promise.withResolvers<void>();
    for (const { environment, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      void this.#end(environment);
    }
    this.#settleDrain();
    await this.#drained.promise;
  }

  /** Ends every environment; invocations that wait or run fail. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#rejectQueue();
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#environments].map((environment) => this.#end(environment)));
  }

  #dispatch(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const environment = this.#takeIdle() ?? this.#grow(first);
      if (environment === undefined) return;
      this.#queue.shift();
      clearTimeout(first.patience);
      first.start(this.#serve(environment, first.invocation));
    }
  }

  #takeIdle(): Environment | undefined {
    const idle = this.#idle.pop();
    clearTimeout(idle?.timer);
    return idle?.environment;
  }

  #grow(first: Waiting): Environment | undefined {
    if (this.#environments.size >= this.#limits.maxEnvironments) return undefined;
    // Those on their way are there sooner than one that begins now.
    if (this.#queue.length <= this.#warming) return undefined;
    if (this.#queue.length <= this.#warming + this.#settling && !first.impatient) {
      first.patience ??= setTimeout(() => {
        first.impatient = true;
        this.#dispatch();
      }, SETTLE_PATIENCE_MS);
      return undefined;
    }
    return this.#add();
  }

  #add(): Environment {
    const environment = this.#makeEnvironment(this.#made);
    this.#made += 1;
    this.#environments.add(environment);
    return environment;
  }

  #serve(environment: Environment, invocation: Invocation): Run {
    const { answered, finished } = environment.run(invocation);
    return { answered, finished: this.#follow(environment, answered, finished) };
  }

  /** Settles after the environment is back in the pool, so that whoever waited for the end finds it there. */
  async #follow(
    environment: Environment,
    answered: Run['answered'],
    finished: Run['finished'],
  ): Promise<Report> {
    try {
      await answered;
      this.#settling += 1;
      const report = await finished.finally(() => {
        this.#settling -= 1;
      });
      this.#rest(environment);
      return report;
    } catch (error) {
      // An environment that could not even fail in order is not used again.
      await this.#end(environment);
      throw error;
    }
  }

  /** Gives an environment that has nothing to do its next event, or lets it wait for one. */
  #rest(environment: Environment): void {
    if (this.#stopped) return;
    if (this.#drained !== undefined && this.#queue.length === 0) return void this.#end(environment);
    const timer = setTimeout(() => this.#retire(environment), this.#limits.idleMs);
    this.#idle.push({ environment, timer, sinceMs: performance.now() });
    this.#dispatch();
    // Not while another event waits: Lambda stops what has nothing to do.
    if (this.#idle.some((idle) => idle.environment === environment)) environment.freeze();
  }

  #retire(environment: Environment): void {
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    this.#idle.splice(index, 1);
    void this.#end(environment);
  }

  async #end(environment: Environment): Promise<void> {
    await environment.end();
    this.#environments.delete(environment);
    this.#dispatch();
    this.#settleDrain();
  }

  #settleDrain(): void {
    if (this.#environments.size === 0 && this.#queue.length === 0) this.#drained?.resolve();
  }

  #rejectQueue(): void {
    for (const { fail, patience } of this.#queue.splice(0)) {
      clearTimeout(patience);
      fail(stopped());
    }
  }
}

function stopped(): ToolError {
  return new ToolError('CANNOT', 'Cannot start an invocation: the local Lambda was stopped');
}
