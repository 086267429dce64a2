import { setTimeout as delay } from 'node:timers/promises';
import type { Findings } from '../findings.ts';
import { stopProcess } from '../process/stop-process.ts';
import { readSystemCall } from '../process/system-call.ts';
import { readHeldStack } from './held-stack.ts';
import { type Inspector, openInspector } from './inspector.ts';
import { MEASURE_LAG, OBSERVE, type Observation, parseObservation } from './observation.ts';
import { createSourceNames, type SourceNames } from './source-names.ts';

/** The code runs on, so what was seen first may be out of date when the time is over. */
const LOOK_AGAIN_MS = 50;
/** In these a signal does no harm: they are begun again, or the event loop takes a turn. */
const UNHARMED = new Set(['epoll_wait', 'epoll_pwait', 'futex']);

/** Finds out where the code of a Node worker stands. It goes on meanwhile, a millisecond aside. */
export class NodeLook {
  readonly #pid: number;
  readonly #debugPort: number | undefined;
  readonly #isHeapKnown: boolean;
  readonly #names: SourceNames;
  /** There from the signal on until it is closed: code that runs all the time delays both. */
  #inspector: Promise<Inspector> | undefined;
  #last: Observation | undefined;
  /** Since when an answer is awaited. */
  #askedMs: number | undefined;
  #loopLagMs: number | undefined;

  /**
   * @param pid the worker
   * @param host path of its host
   * @param debugPort as of `openInspector`
   * @param isHeapKnown whether it is a version whose memory `readHeldStack` knows
   */
  constructor(pid: number, host: string, debugPort: number | undefined, isHeapKnown: boolean) {
    this.#pid = pid;
    this.#debugPort = debugPort;
    this.#isHeapKnown = isHeapKnown;
    this.#names = createSourceNames(host);
  }

  /**
   * Looks again and again, and leaves the worker as it was.
   *
   * @param ended aborted when the worker is not to be looked at any more
   * @throws Error when the process ended
   */
  async run(ended: AbortSignal): Promise<void> {
    this.#last = undefined;
    this.#loopLagMs = undefined;
    while (!ended.aborted) {
      if (this.#inspector === undefined && this.#wouldHarm()) {
        await delay(LOOK_AGAIN_MS, undefined, { ref: false });
        continue;
      }
      this.#inspector ??= this.#open();
      const inspector = await this.#inspector;
      // The end of an earlier look may close it under this one.
      await this.#watch(inspector, ended).catch(() => inspector.closed);
    }
  }

  /** The signal would break the call off, and the function would see an error of ours. */
  #wouldHarm(): boolean {
    const call = this.#debugPort === undefined ? readSystemCall(this.#pid) : undefined;
    return call !== undefined && !UNHARMED.has(call.name);
  }

  async #watch(inspector: Inspector, ended: AbortSignal): Promise<void> {
    void inspector.evaluate(MEASURE_LAG, true).then(
      (lagMs) => {
        this.#loopLagMs = Number(lagMs);
      },
      () => {},
    );
    while (!ended.aborted) {
      this.#askedMs = performance.now();
      this.#last = parseObservation(await inspector.evaluate(OBSERVE));
      this.#askedMs = undefined;
      await delay(LOOK_AGAIN_MS, undefined, { ref: false });
    }
    await inspector.close();
  }

  async #open(): Promise<Inspector> {
    const forget = () => {
      this.#inspector = undefined;
    };
    try {
      const inspector = await openInspector(this.#pid, this.#debugPort);
      void inspector.closed.then(forget);
      return inspector;
    } catch (error) {
      forget();
      throw error;
    }
  }

  #reportHeld(isLast: boolean): Partial<Findings> {
    if (!this.#isHeapKnown) return {};
    try {
      if (isLast) stopProcess(this.#pid);
      const frames = this.#names.framesOf(readHeldStack(this.#pid));
      return frames.length > 0 ? { frames } : {};
    } catch {
      // Not every system lets memory be read.
      return {};
    }
  }

  /**
   * The invocation whose code was seen to run last; `undefined` when none is known.
   */
  get runningId(): string | undefined {
    return this.#isSilent ? undefined : this.#last?.requestId;
  }

  get #isSilent(): boolean {
    return this.#askedMs !== undefined && performance.now() - this.#askedMs > LOOK_AGAIN_MS;
  }

  /**
   * What was seen last.
   *
   * @param isHeld whether the worker is in something that does not let it answer: then the code has gone on since
   * @param isLast whether the worker is killed next, so that it may be stopped
   * @param requestId the invocation whose awaits are told; `undefined`: none are wanted
   */
  report(isHeld: boolean, isLast: boolean, requestId?: string): Partial<Findings> {
    const last = this.#last;
    if (last === undefined || (isHeld && this.#isSilent)) return this.#reportHeld(isLast);
    const { handlerFile, handlerText, awaits, pending } = last;
    const lines = awaits
      .filter((one) => one.requestId === requestId)
      .flatMap(({ stack }) => this.#names.framesOf(stack).slice(0, 1));
    return {
      frames: this.#names.framesOf(last.stack),
      framesId: last.requestId,
      handler: this.#names.placeOf(handlerFile, handlerText),
      awaits: [...new Set(lines)],
      pending,
      loopLagMs: this.#loopLagMs,
    };
  }
}
