import { endTurn } from './end-turn.ts';
import type { InvocationScope } from './logging/invocation-scope.ts';

/** How an invocation ended. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  /** `replace`: this process is not to be used again. */
  | { readonly ok: false; readonly error: unknown; readonly replace?: boolean };

/** Taken before user code runs, which may replace them. */
const defer = setImmediate;
/**
 * Decides how one invocation ends: the first outcome wins, later ones are ignored. An outcome may be held back
 * until the event loop is empty.
 */
export class Settlement {
  /** What becomes of the invocation when nothing is left that could end it; nothing before its handler ran. */
  onEmptyLoop: () => void = () => {};
  /** Tells the invocation's code from that of others; there once the handler runs. */
  scope: InvocationScope | undefined;
  readonly #onOutcome: (outcome: Outcome) => void;
  #held: Outcome | undefined;
  #settled: Outcome | undefined;
  #isInTurn = false;

  /**
   * @param onOutcome - told once, after the turn in which the outcome was known. By then Node has reported what the same
   * turn left behind, such as a rejection nobody handles, and `abort` can still give the answer to it.
   */
  constructor(onOutcome: (outcome: Outcome) => void) {
    this.#onOutcome = onOutcome;
  }

  /**
   * Runs what begins the invocation, and ends the turn with it: of most invocations the outcome is known then. To wait
   * for the next turn instead costs them a phase of the event loop, 3 µs.
   * @param begin - calls the handler; to be called where nothing of the turn is left but to return to the event loop
   */
  runTurn(begin: () => void): void {
    this.#isInTurn = endTurn !== undefined;
    begin();
    if (!this.#isInTurn) return;
    try {
      endTurn?.();
    } catch (error) {
      // A callback of this turn threw: who is told of uncaught exceptions comes first.
      this.#isInTurn = false;
      if (this.#settled !== undefined) defer(send, this);
      throw error;
    }
    this.#isInTurn = false;
    send(this);
  }

  /** Ends the invocation, unless an outcome is known. */
  settle(outcome: Outcome): void {
    if (this.#held === undefined) this.#send(outcome);
  }

  /** Makes the outcome known, to be sent when the event loop is empty or the handler's promise settles. */
  hold(outcome: Outcome): void {
    if (this.#settled === undefined) this.#held ??= outcome;
  }

  /** Ends the invocation with the outcome that is held, else with this one. */
  finish(outcome: Outcome): void {
    this.#send(this.#held ?? outcome);
  }

  /** Ends the invocation with this outcome, even when another is known but not yet sent. */
  abort(outcome: Outcome): void {
    const isKnown = this.#settled !== undefined;
    this.#settled = outcome;
    if (!isKnown) this.#sendSoon();
  }

  #send(outcome: Outcome): void {
    if (this.#settled !== undefined) return;
    this.#settled = outcome;
    this.#sendSoon();
  }

  #sendSoon(): void {
    if (!this.#isInTurn) defer(send, this);
  }

  /** Hands the outcome over. */
  static send(settlement: Settlement): void {
    if (settlement.#settled !== undefined) settlement.#onOutcome(settlement.#settled);
  }
}

const { send } = Settlement;
