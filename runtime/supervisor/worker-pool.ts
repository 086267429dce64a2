import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import { type WorkerPlan, WorkerSlot } from './worker-slot.ts';

/** What takes an environment's invocations: one worker, or several. */
export type Workers = Pick<
  WorkerSlot,
  'isReady' | 'ready' | 'forward' | 'hasShutdownHook' | 'runHooks' | 'stop'
>;

interface Place {
  readonly slot: WorkerSlot;
  /** Invocations that it has not answered yet. */
  running: number;
}

/** Holds several workers for several pollers. Each is replaced on its own, and the others go on meanwhile. */
export class WorkerPool implements Workers {
  readonly #places: readonly Place[];
  readonly #log: Log;

  /**
   * @param plan how each is started; the worker that was started beside the bootstrap becomes the first
   * @param count how many there are
   * @param log where it is told that one did not start
   */
  constructor(plan: WorkerPlan, count: number, log: Log) {
    this.#log = log;
    this.#places = Array.from({ length: count }, (_, place) => {
      const socketPath = (worker: number) => plan.socketPath((worker - 1) * count + place + 1);
      const launched = place === 0 ? plan.launched : undefined;
      return { slot: new WorkerSlot({ ...plan, launched, socketPath }, log), running: 0 };
    });
  }

  /** Whether one is there. */
  get isReady(): boolean {
    return this.#places.some(({ slot }) => slot.isReady);
  }

  get hasShutdownHook(): boolean {
    return this.#places.some(({ slot }) => slot.hasShutdownHook);
  }

  /**
   * Starts all, and resolves when one is there.
   *
   * @throws {PilotlightError} why the first did not start, when none did
   */
  async ready(): Promise<void> {
    try {
      await Promise.any(this.#places.map(({ slot }) => this.#start(slot)));
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
    for (const { slot } of this.#places) if (!slot.isReady) this.#start(slot).catch(() => {});
    const place = this.#places.reduce((best, next) => (cost(next) < cost(best) ? next : best));
    place.running += 1;
    place.slot.forward(invocation, (answer) => {
      place.running -= 1;
      onAnswer(answer);
    });
  }

  async #start(slot: WorkerSlot): Promise<void> {
    try {
      await slot.ready();
    } catch (error) {
      this.#log.warn(`a worker did not start: ${(error as Error).message}`);
      throw error;
    }
  }

  async runHooks(path: string): Promise<void> {
    await Promise.all(this.#places.map(({ slot }) => slot.runHooks(path)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#places.map(({ slot }) => slot.stop()));
  }
}

/** One that has to start first comes last. */
function cost({ slot, running }: Place): number {
  return slot.isReady ? running : Number.POSITIVE_INFINITY;
}
