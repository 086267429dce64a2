import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { ToolError } from '../cli/tool-error.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { deliveryHeaders } from './delivery-headers.ts';
import { EnvironmentEvents } from './environment-events.ts';
import type { EnvironmentSpec } from './environment-spec.ts';
import type { ShutdownReason } from './extensions/extension-session.ts';
import { exited, type Failure, initFailed, timedOut } from './failure.ts';
import type { Answer, Invocation, Report, Run } from './invocation.ts';
import { makeLogStream } from './lambda-variables.ts';
import { EnvironmentLog } from './log.ts';
import type { MemoryMeter } from './memory-meter.ts';
import type { RuntimeExit } from './runtime-exit.ts';
import type { RuntimeProcess } from './runtime-process.ts';
import { startEnvironmentRuntime } from './start-environment-runtime.ts';
import type { InitPhase } from './telemetry/platform-events.ts';

/** Lambda gives an on-demand environment this long before it repeats the init inside the invocation. */
export const INIT_LIMIT_MS = 10_000;
/** What a deadline lifted for a debugger looks like to the function: far away, yet no overflow in its timers. */
const LIFTED_DEADLINE_MS = 24 * 60 * 60 * 1000;

type State = 'starting' | 'idle' | 'busy' | 'ending' | 'dead';

interface Init {
  readonly initMs: number;
  /** `timeout` is no failure of the first init: it is repeated. */
  readonly outcome: 'ready' | 'timeout' | Failure;
}

interface Ending {
  readonly failure: Failure | undefined;
  /** Whether the caller got an error, from the platform or from the function. */
  readonly failed: boolean;
  readonly endMs: number;
}

/** One execution environment: a sandbox that serves one invocation at a time and is started again when it broke. */
export class Environment {
  readonly #spec: EnvironmentSpec;
  readonly #log: EnvironmentLog;
  readonly #logStream: string;
  readonly #events: EnvironmentEvents;
  readonly #memory: MemoryMeter;
  #state: State = 'starting';
  #runtime: RuntimeProcess | undefined;
  #serving: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> = Promise.resolve();

  constructor(spec: EnvironmentSpec) {
    this.#spec = spec;
    this.#logStream = makeLogStream(spec.version);
    this.#log = new EnvironmentLog((line) => spec.log(line, this.#logStream));
    this.#events = new EnvironmentEvents(spec.settings, spec.version, this.#log);
    this.#memory = spec.makeMemoryMeter(spec.settings.memoryMiB * 2 ** 20);
  }

  /** Serves an invocation; the environment must be starting or idle. */
  run(invocation: Invocation): Run {
    this.#runtime?.thaw();
    const answered = Promise.withResolvers<Answer>();
    const finished = this.#serve(invocation, answered.resolve);
    this.#serving = finished.catch((error: unknown) => answered.reject(error));
    return { answered: answered.promise, finished };
  }

  /**
   * Starts the bootstrap ahead of the first invocation.
   *
   * @returns why that failed, if so; the environment is of no use then
   */
  async start(): Promise<Failure | undefined> {
    this.#state = 'busy';
    const requestId = randomUUID();
    const started = this.#firstInit(requestId);
    this.#serving = started.catch(() => {});
    const { outcome } = await started;
    await this.#log.drain();
    if (this.#state === 'busy') this.#state = 'idle';
    if (outcome === 'ready') return undefined;
    return outcome === 'timeout' ? timedOut(requestId, this.#spec.initLimitMs) : outcome;
  }

  /** Stops every process of an idle environment until the next invocation, where that is wanted. */
  freeze(): void {
    if (this.#spec.freeze && this.#state === 'idle') this.#runtime?.freeze();
  }

  /** Ends the environment with every process in it; a running invocation fails. */
  async end(): Promise<void> {
    this.#state = 'ending';
    await this.#reset('spindown');
    await this.#serving;
    await this.#memory.end();
    this.#state = 'dead';
  }

  async #serve(invocation: Invocation, answer: (answer: Answer) => void): Promise<Report> {
    const { requestId } = invocation;
    const cold = this.#state === 'starting';
    this.#state = 'busy';
    const init = cold ? await this.#firstInit(requestId) : undefined;
    this.#events.starts(invocation);
    const startMs = performance.now();
    const failedInit = typeof init?.outcome === 'object' ? init.outcome : undefined;
    const { failure, endMs, failed } =
      failedInit === undefined
        ? await this.#invoke(invocation, answer)
        : { failure: failedInit, endMs: performance.now(), failed: true };
    const durationMs = endMs - startMs;
    if (failure !== undefined) {
      answer(failure.answer);
      for (const line of failure.logLines) this.#log.line(line);
    }
    const initMs = init?.outcome === 'ready' ? init.initMs : undefined;
    return this.#report(requestId, durationMs, initMs, failure, failed);
  }

  async #report(
    requestId: string,
    durationMs: number,
    initMs: number | undefined,
    failure: Failure | undefined,
    failed: boolean,
  ): Promise<Report> {
    await this.#log.drain();
    // A custom runtime's init is billed like its invocations.
    const billedMs = Math.max(1, Math.ceil(durationMs + (initMs ?? 0)));
    const figures = { requestId, durationMs, billedMs, initMs, memoryBytes: this.#memory.peakBytes };
    this.#events.ends(figures, failure, failed);
    if (this.#state === 'busy') this.#state = 'idle';
    return { ...figures, logTail: this.#log.takeTail() };
  }

  async #firstInit(requestId: string): Promise<Init> {
    const deadline = this.#startDeadline(this.#spec.initLimitMs);
    try {
      return await this.#initialise(requestId, deadline, 'init');
    } finally {
      deadline.cancel();
    }
  }

  /** Everything that counts against the function's timeout: a repeated init where one is due, then the event. */
  async #invoke(invocation: Invocation, answer: (answer: Answer) => void): Promise<Ending> {
    const timeoutMs = this.#spec.settings.timeoutS * 1000;
    const deadline = this.#startDeadline(timeoutMs);
    const deadlineMs = Date.now() + (this.#spec.inspectPort === undefined ? timeoutMs : LIFTED_DEADLINE_MS);
    try {
      // A bootstrap that ended between two invocations costs this one an init and nothing else.
      if (this.#runtime?.hasExited()) await this.#reset('failure');
      if (this.#runtime === undefined) {
        const { outcome } = await this.#initialise(invocation.requestId, deadline, 'invoke');
        const endMs = performance.now();
        if (outcome === 'timeout')
          return { failure: timedOut(invocation.requestId, timeoutMs), failed: true, endMs };
        if (outcome !== 'ready') return { failure: outcome, failed: true, endMs };
      }
      return await this.#deliver(this.#runtime as RuntimeProcess, invocation, deadline, deadlineMs, answer);
    } finally {
      deadline.cancel();
    }
  }

  async #initialise(requestId: string, deadline: Deadline, phase: InitPhase): Promise<Init> {
    this.#events.initStarts(phase);
    const startMs = performance.now();
    const outcome = await this.#startRuntime(requestId, deadline);
    const initMs = performance.now() - startMs;
    // What was logged while the function loaded stands before START.
    await this.#log.drain();
    if (outcome === 'ready') this.#events.initSucceeds(phase, initMs, this.#runtime?.extensions() ?? []);
    else this.#events.initFails(phase, initMs, outcome === 'timeout' ? { status: 'timeout' } : outcome);
    return { initMs, outcome };
  }

  async #startRuntime(requestId: string, deadline: Deadline): Promise<Init['outcome']> {
    await this.#stopping;
    await mkdir(this.#spec.tmpFolder, { recursive: true });
    const tmpBytes = await this.#spec.faults?.beforeInit(requestId, (line) => this.#log.line(line));
    const runtime = await startEnvironmentRuntime(
      this.#spec,
      { tmpBytes, entryFile: await this.#memory.begin(), logStream: this.#logStream },
      this.#log,
      this.#events.telemetry,
    );
    this.#runtime = runtime;
    if (this.#state === 'ending') await this.#reset('spindown');
    const { session } = runtime;
    const ready = runtime.initialised.then(() => 'ready' as const);
    const first = await this.#watch(runtime, deadline, ready);
    if (first === 'ready') return first;
    await this.#reset(first === 'timeout' ? 'timeout' : 'failure');
    this.#throwIfEnding();
    if (session.initError !== undefined) {
      return initFailed(session.initError.answer, session.initError.errorType);
    }
    return first === 'timeout' ? first : exited(requestId, first);
  }

  async #deliver(
    runtime: RuntimeProcess,
    invocation: Invocation,
    deadline: Deadline,
    deadlineMs: number,
    answer: (answer: Answer) => void,
  ): Promise<Ending> {
    const { requestId, event, stream } = invocation;
    const nonce = randomUUID();
    const headers = deliveryHeaders(invocation, nonce, deadlineMs);
    const faults = this.#spec.faults?.ofInvocation(requestId, (line) => this.#log.line(line));
    await faults?.held;
    const { answered, runtimeDone, settled } = runtime.deliver(
      { requestId, nonce, event, headers, stream, breaksOff: faults?.breaksOff },
      { deadlineMs, arn: invocation.arn, traceId: invocation.traceId },
    );
    void faults?.strike(runtime);
    const deliveredMs = performance.now();
    // Measured while the runtime is on its way to the next event, so that hardly anybody waits for it.
    const measured = answered.then((first) => {
      answer(first);
      return this.#memory.measure(runtime.processes, performance.now() - deliveredMs);
    });
    // Before the extensions are done: some wait to be told of it.
    void Promise.all([answered, runtimeDone]).then(([{ failed }]) =>
      this.#events.runtimeDone(invocation, performance.now() - deliveredMs, undefined, failed),
    );
    const first = await this.#watch(runtime, deadline, settled);
    const endMs = performance.now();
    if (first === undefined) {
      await measured;
      return { failure: undefined, failed: (await answered).failed, endMs };
    }
    const timeoutMs = this.#spec.settings.timeoutS * 1000;
    const failure = first === 'timeout' ? timedOut(requestId, timeoutMs) : exited(requestId, first);
    this.#events.runtimeDone(invocation, endMs - deliveredMs, failure, true);
    // An answer that the reset cuts short would else tell the caller of that instead of the reason.
    if (first === 'timeout' || first.extensionError !== undefined) runtime.session.abandon();
    if (first === 'timeout') await this.#memory.measure(runtime.processes, endMs - deliveredMs);
    await this.#reset(first === 'timeout' ? 'timeout' : 'failure');
    this.#throwIfEnding();
    return { failure, failed: true, endMs };
  }

  /** Waits for what is wanted of a runtime, its end or the deadline, with an eye on its memory. */
  async #watch<Wanted>(
    runtime: RuntimeProcess,
    deadline: Deadline,
    wanted: Promise<Wanted>,
  ): Promise<Wanted | RuntimeExit | 'timeout'> {
    const unwatch = this.#memory.watch(runtime.processes);
    try {
      return await Promise.race([
        wanted,
        deadline.expired.then(() => 'timeout' as const),
        runtime.exited.then((exit) => ({ ...exit, outOfMemory: this.#memory.exceeded() })),
      ]);
    } finally {
      unwatch();
    }
  }

  /** Ends what runs; `/tmp` stays, and the next invocation starts the bootstrap again. */
  async #reset(reason: ShutdownReason): Promise<void> {
    if (this.#runtime !== undefined) this.#stopping = this.#runtime.stop(reason);
    this.#runtime = undefined;
    await this.#stopping;
  }

  #startDeadline(limitMs: number): Deadline {
    return startDeadline(this.#spec.inspectPort === undefined ? limitMs : Number.POSITIVE_INFINITY);
  }

  #throwIfEnding(): void {
    if (this.#state !== 'ending') return;
    throw new ToolError('CANNOT', 'Cannot finish an invocation: the local Lambda was stopped');
  }
}
