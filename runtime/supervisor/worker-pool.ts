import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import { StartTries } from './start-tries.ts';
import { notStarted } from './unanswered.ts';
import type { WorkerPlan } from './worker-plan.ts';
import { WorkerSlot } from './worker-slot.ts';

/** What takes an environment's invocations: one worker, or several. */
export type Workers = Pick<
  WorkerSlot,
  'isReady' | 'isHopeless' | 'mustPoll' | 'ready' | 'forward' | 'hasShutdownHook' | 'runHooks' | 'stop'
>;

/** Holds several workers for several pollers. Each is replaced on its own, and the others go on meanwhile. */
export class WorkerPool implements Workers {
  readonly #slots: readonly WorkerSlot[];

  /**
   * @param plan how each is started; the worker that was started beside the bootstrap becomes the first
   * @param count how many there are
   * @param log where the steps are told
   */
  constructor(plan: WorkerPlan, count: number, log: Log) {
    this.#slots = Array.from({ length: count }, (_, place) => {
      const socketPath = (worker: number) => plan.socketPath((worker - 1) * count + place + 1);
      const launched = place === 0 ? plan.launched : undefined;
      const tries = new StartTries(log, () => !this.isReady);
      return new WorkerSlot({ ...plan, launched, socketPath }, log, tries);
    });
  }

  /** Whether one is there. */
  get isReady(): boolean {
    return this.#slots.some((slot) => slot.isReady);
  }

  /** Never: it gives no invocation up. */
  readonly mustPoll = false;

  /** Whether none is tried any more. */
  get isHopeless(): boolean {
    return this.#slots.every((slot) => slot.isHopeless);
  }

  get hasShutdownHook(): boolean {
    return this.#slots.some((slot) => slot.hasShutdownHook);
  }

  /**
   * Starts all, and resolves when one is there.
   *
   * @throws {PilotlightError} why the first did not start, when none did
   */
  async ready(): Promise<void> {
    try {
      await Promise.any(this.#slots.map((slot) => slot.ready()));
    } catch (error) {
      throw (error as AggregateError).errors[0];
    }
  }

  /**
   * Hands an invocation to the worker that is there and has the fewest; those that are missing are started meanwhile.
   *
   * @param invocation the event
   * @param onAnswer told of the answer
   */
  forward(invocation: Invocation, onAnswer: (answer: Answer) => void): void {
    for (const slot of this.#slots) if (!slot.isReady) slot.ready().catch(() => {});
    const best = this.#slots.reduce((best, next) => (next.load < best.load ? next : best));
    if (best.isReady) best.forward(invocation, onAnswer);
    else void this.#forwardToNext(invocation, onAnswer);
  }

  /** To the first that is there again: another may make a pause, or start no more. */
  async #forwardToNext(invocation: Invocation, onAnswer: (answer: Answer) => void): Promise<void> {
    try {
      await this.ready();
    } catch (error) {
      onAnswer(notStarted(invocation, error));
      return;
    }
    this.forward(invocation, onAnswer);
  }

  async runHooks(path: string): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.runHooks(path)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }
}
