import type { Answer, Invocation } from '../lambda-api/invocation.ts';
import type { Log } from '../log.ts';
import { rehearse } from '../supervisor/rehearse.ts';
import { StartTries } from '../supervisor/start-tries.ts';
import type { WorkerPlan } from '../supervisor/worker-plan.ts';
import type { Workers } from '../supervisor/worker-pool.ts';
import { WorkerSlot } from '../supervisor/worker-slot.ts';

/**
 * After so long an invocation mostly waits, and the next worker can boot beside it. One that is through earlier has the
 * processor for itself: a boot takes 25 ms of it.
 */
const REFILL_AFTER_MS = 20;
/**
 * After so many rehearsals an event is as fast as after twice as many; of four times as many the compiler is still busy
 * then.
 */
const REHEARSALS = 30;
/** An invocation uses its worker up: it is stopped like any other that is worn. */
const USED_UP = { invocations: 1, ageS: 0, memoryMiB: 0 };

/**
 * Gives each event a worker of its own, and keeps some ahead, started and initialised. The place of one that is taken is
 * filled again as early as that takes nothing from the invocation. Slots are used again and again, so what is done about
 * workers that die, hang or do not start is done there.
 */
export class SpareWorkers implements Workers {
  readonly #plan: WorkerPlan;
  readonly #ahead: number;
  readonly #log: Log;
  readonly #tries: StartTries;
  readonly #slots: WorkerSlot[] = [];
  /** Those that wait for an event: ready, or on their way. */
  readonly #spares = new Set<WorkerSlot>();
  /** Those that have an event and may yet start a worker for it. */
  readonly #taken = new Set<WorkerSlot>();
  /** Each ends a worker that is used up. */
  readonly #ends: (() => void)[] = [];
  /** One for all: to make another is most of what this class would take from an invocation. */
  #later: NodeJS.Timeout | undefined;
  #lastLines: string | undefined;
  #started = 0;
  #isStopped = false;

  /**
   * @param plan how each is started; the worker that was started beside the bootstrap becomes the first
   * @param ahead how many wait at a time; 0: after the first, which shows that the function loads, each is started when its
   *   event comes
   * @param log where the steps are told
   */
  constructor(plan: WorkerPlan, ahead: number, log: Log) {
    const socketPath = () => plan.socketPath(++this.#started);
    this.#plan = {
      ...plan,
      socketPath,
      wearLimits: USED_UP,
      ahead: ahead > 0 ? Number.POSITIVE_INFINITY : 0,
      rehearse: ahead === 0 ? undefined : (client) => rehearse(client, REHEARSALS, this.#lastLines),
      skipsShutdown: true,
      endLater: (end) => {
        this.#ends.push(end);
        this.#tidyLater();
      },
    };
    this.#ahead = ahead;
    this.#log = log;
    this.#tries = new StartTries(log);
  }

  /** Whether a worker waits, or none has to. */
  get isReady(): boolean {
    return this.#ahead === 0 ? !this.isHopeless : this.#findReady() !== undefined;
  }

  get isHopeless(): boolean {
    return this.#tries.isHopeless;
  }

  get mustPoll(): boolean {
    return this.#slots.some((slot) => slot.mustPoll);
  }

  get hasShutdownHook(): boolean {
    return this.#slots.some((slot) => slot.hasShutdownHook);
  }

  /**
   * Starts those that are missing, and resolves when one waits. A poll that went out before could end in a freeze, which
   * the next event would find them in, half started.
   *
   * @throws {PilotlightError} why none started
   */
  async ready(): Promise<void> {
    this.#refill(Math.max(1, this.#ahead));
    try {
      await Promise.any([...this.#spares].map((slot) => slot.ready()));
    } catch (error) {
      throw (error as AggregateError).errors[0];
    }
  }

  /**
   * Hands an invocation to a worker that no other has seen or will see.
   *
   * @param invocation the event
   * @param onAnswer told of the answer
   */
  forward(invocation: Invocation, onAnswer: (answer: Answer) => void): void {
    const slot = this.#take();
    slot.forward(invocation, (answer) => {
      this.#taken.delete(slot);
      onAnswer(answer);
    });
    this.#lastLines = invocation.lines;
    this.#tidyLater();
  }

  async runHooks(path: string): Promise<void> {
    await Promise.all([...this.#spares].map((slot) => slot.runHooks(path)));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endUsed();
    await Promise.all(this.#slots.map((slot) => slot.stop()));
  }

  /** The one that is ready, else one that is on its way. */
  #take(): WorkerSlot {
    const [first = this.#emptySlot()] = this.#spares;
    const slot = this.#findReady() ?? first;
    this.#spares.delete(slot);
    this.#taken.add(slot);
    return slot;
  }

  #findReady(): WorkerSlot | undefined {
    for (const slot of this.#spares) if (slot.isReady) return slot;
    return undefined;
  }

  /** Of a shorter invocation the next poll asks for the next worker before that, once the answer has arrived. */
  #tidyLater(): void {
    this.#later ??= setTimeout(() => {
      this.#endUsed();
      this.#refill();
    }, REFILL_AFTER_MS);
    this.#later.refresh();
  }

  #endUsed(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #refill(count = this.#ahead): void {
    if (this.#isStopped) return;
    while (this.#spares.size < count) this.#spares.add(this.#emptySlot());
    // One that does not start is told of when an event or a poll asks for it.
    for (const slot of this.#spares) if (!slot.isReady) slot.ready().catch(() => {});
  }

  /** One whose worker is used up; as long as code runs on in it, it is not. */
  #emptySlot(): WorkerSlot {
    this.#endUsed();
    const isEmpty = (slot: WorkerSlot) => !slot.isReady && !this.#spares.has(slot) && !this.#taken.has(slot);
    const empty = this.#slots.find(isEmpty);
    if (empty !== undefined) return empty;
    const launched = this.#slots.length === 0 ? this.#plan.launched : undefined;
    const slot = new WorkerSlot({ ...this.#plan, launched }, this.#log, this.#tries);
    this.#slots.push(slot);
    return slot;
  }
}
