import { lookAtProcess } from './process-look.ts';
import type { ProcessIdentity } from './process-table.ts';

/** No event tells when a signal has stopped every thread of a process; it takes a moment. */
const FIRST_LOOK_MS = 1;
/** Where processes are started without end it may take longer. */
const LAST_LOOK_MS = 64;

/**
 * Stops and continues the processes of an environment, as Lambda does between two invocations. What a process was
 * stopped by itself stays so. Every step is made in one turn of the event loop: an event that comes between two of
 * them continues exactly what is stopped by then.
 */
export class Freezer {
  readonly #list: () => readonly number[];
  /** All processes when they were last looked for, which takes longer than to stop them. */
  #known: readonly ProcessIdentity[] = [];
  readonly #stopped = new Map<number, ProcessIdentity>();
  #look: NodeJS.Timeout | undefined;

  /** @param list finds the ids of all processes of the environment */
  constructor(list: () => readonly number[]) {
    this.#list = list;
  }

  /** Stops the processes that it knows, and then looks for more until none has been started meanwhile. */
  freeze(): void {
    this.leave();
    for (const { pid, startTicks } of this.#known) this.#stop(pid, startTicks);
    this.#lookAfter(FIRST_LOOK_MS);
  }

  /** Continues what was stopped. */
  thaw(): void {
    this.leave();
    // Without a look at who has the id now: a stopped process keeps its own unless somebody kills it, and to go on
    // harms nobody.
    for (const pid of this.#stopped.keys()) signal(pid, 'SIGCONT');
    this.#stopped.clear();
  }

  /** Stops no more processes; those that are stopped stay so, to be killed. */
  leave(): void {
    clearTimeout(this.#look);
  }

  #lookAfter(delayMs: number): void {
    this.#look = setTimeout(() => {
      if (!this.#holdsAll()) this.#lookAfter(Math.min(2 * delayMs, LAST_LOOK_MS));
    }, delayMs);
  }

  /** Stops what is new. A process that was told to stop may have started another one as long as it has not. */
  #holdsAll(): boolean {
    const rests = ![...this.#stopped.values()].some(runs);
    const fresh = this.#list().filter((pid) => this.#stop(pid));
    this.#known = [...this.#stopped.values()];
    // None at all: they are not known yet.
    return rests && fresh.length === 0 && this.#known.length > 0;
  }

  /** Stops a process that runs; `startTicks` says which one it has to be. */
  #stop(pid: number, startTicks?: number): boolean {
    const now = lookAtProcess(pid);
    if (now === undefined || now.activity === 'stopped') return false;
    if (startTicks !== undefined && startTicks !== now.startTicks) return false;
    if (this.#stopped.has(pid) || !signal(pid, 'SIGSTOP')) return false;
    this.#stopped.set(pid, now);
    return true;
  }
}

function runs({ pid, startTicks }: ProcessIdentity): boolean {
  const now = lookAtProcess(pid);
  return now?.startTicks === startTicks && now.activity === 'running';
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
