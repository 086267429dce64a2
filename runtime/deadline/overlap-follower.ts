import { setTimeout as delay } from 'node:timers/promises';
import { PilotlightError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { DeadlinePlan } from './deadline-plan.ts';
import type { Findings } from './findings.ts';
import { createLook, gatherFindings, type Look } from './look.ts';
import type { SharedWorker } from './overdue.ts';
import { isAnsweredBefore, LEFT_ALONE_MS } from './overdue-follower.ts';
import type { Overlap } from './overlap.ts';
import { describeInFull, describePlace, timeoutError } from './timeout-error.ts';

/** How long an event loop may stand still past a deadline until it is taken for blocked. */
const BLOCKED_MS = 250;
/** The same where nobody knows whose code it is: a call that has time left may wait for a process it started. */
const UNKNOWN_MS = 2_500;
/** Waited in parts: where the whole machine stood still, no more than one of them goes by unseen. */
const PART_MS = 50;

/**
 * Gives up the overdue invocations of a worker, each by itself: their code goes on, as that of the others does. It ends a
 * worker only whose event loop stands still, and whose code has no time left.
 */
export class OverlapFollower {
  readonly #plan: DeadlinePlan;
  readonly #worker: SharedWorker;
  readonly #running: ReadonlySet<Overlap>;
  readonly #log: Log;
  readonly #look: Look | undefined;
  #followed = 0;
  /** Of the look, which is one for all that are followed. */
  #ended = new AbortController();
  #judging: Promise<void> | undefined;

  /**
   * @param plan when to look, and when to give up
   * @param worker where the invocations run
   * @param running those that have no answer yet
   * @param log told of what is left to the platform, and why a worker is ended
   */
  constructor(plan: DeadlinePlan, worker: SharedWorker, running: ReadonlySet<Overlap>, log: Log) {
    this.#plan = plan;
    this.#worker = worker;
    this.#running = running;
    this.#log = log;
    this.#look = createLook(plan, worker.process.pid);
  }

  /**
   * Follows an invocation until it has its answer, and it is clear what becomes of the worker.
   *
   * @param overlap the invocation
   * @param timeoutS the function's timeout
   */
  async follow(overlap: Overlap, timeoutS: number): Promise<void> {
    const { lookMs, marginMs } = this.#plan;
    const { requestId, deadlineMs, ended } = overlap;
    this.#followed += 1;
    if (this.#followed === 1) this.#beginLook();
    if (!(await isAnsweredBefore(deadlineMs - (marginMs || Math.min(LEFT_ALONE_MS, lookMs)), ended))) {
      const error = timeoutError(timeoutS, this.#findingsOf(requestId));
      if (marginMs === 0) this.#log.warn(describeInFull(requestId, error));
      else {
        overlap.giveUp(error);
        this.#judging ??= this.#judge().finally(() => {
          this.#judging = undefined;
        });
        await this.#judging;
      }
    }
    this.#followed -= 1;
    if (this.#followed === 0) this.#ended.abort();
  }

  #beginLook(): void {
    const { pid } = this.#worker.process;
    this.#ended = new AbortController();
    this.#look
      ?.run(this.#ended.signal)
      .catch((error) => this.#log.debug(`worker ${pid} cannot be looked at: ${error}`));
  }

  #findingsOf(requestId: string): Partial<Findings> {
    if (this.#plan.lookMs === 0) return {};
    const findings = this.#gather(false, requestId);
    // Not who runs now, which a look that has no answer yet does not know.
    const { framesId } = findings;
    const others = this.#running.size - 1;
    // The processes that others started may say by their arguments what is their callers' alone.
    const told = { ...findings, others, children: others === 0 ? (findings.children ?? []) : [] };
    if (framesId === undefined || framesId === requestId) return told;
    return { ...told, frames: [], othersFrame: findings.frames?.[0] };
  }

  #gather(isLast: boolean, requestId?: string): Partial<Findings> {
    return gatherFindings(this.#worker.process.pid, this.#look, isLast, this.#log, requestId);
  }

  async #judge(): Promise<void> {
    const turns = this.#watchTurn();
    if (await turns(BLOCKED_MS)) return;
    const id = this.#look?.runningId;
    if (id === undefined && (await turns(UNKNOWN_MS))) return;
    const nowMs = Date.now();
    // What blocks may come to its end in time, and is judged again when it does not.
    for (const { requestId, deadlineMs } of this.#running)
      if (requestId === id && deadlineMs - this.#plan.marginMs > nowMs) return;
    const place = this.#plan.lookMs === 0 ? '' : describePlace(this.#gather(true));
    const { pid } = this.#worker.process;
    this.#log.warn(`worker ${pid} stands still past a deadline${place === '' ? '' : `: ${place}`}`);
    // Where is told by the log alone: it is another caller's code.
    const reason =
      'another one that ran beside it stopped the event loop past its deadline, and the worker was replaced';
    this.#worker.replace(new PilotlightError('WORKER_KILLED', `Cannot finish the invocation: ${reason}`));
  }

  /** The result waits for a turn of the event loop. A worker that is gone stands no longer still. */
  #watchTurn(): (forMs: number) => Promise<boolean> {
    let hasTurned = false;
    const turned = () => {
      hasTurned = true;
    };
    this.#worker.turn().then(turned, turned);
    return async (forMs) => {
      for (let waitedMs = 0; waitedMs < forMs && !hasTurned; waitedMs += PART_MS) await delay(PART_MS);
      return hasTurned;
    };
  }
}
