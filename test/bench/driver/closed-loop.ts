import { Histogram } from '../histogram.ts';
import { AnswerBody } from './answer-body.ts';
import { readStamp, whyWrong } from './check-answer.ts';
import { FIRST_NUMBER, makeEventBody } from './event-body.ts';
import { EventMessage, requestIdOf } from './event-message.ts';
import { now } from './now.ts';
import type { DriverTask, InvocationStamps, Measurement } from './protocol.ts';

/** Reading `/proc` between warm-up and measuring takes milliseconds, in which caches and clocks cool down. */
const REWARM = 20;
/** Nothing that is measured takes this long. */
const STALL_MS = 30_000;

/** A poll that waits for its event. */
export type Poll = (message: Buffer) => void;

/** An event on its way: first to the environment, then back, then until the environment asks for another. */
export interface Flight {
  readonly message: EventMessage;
  index: number;
  sentNs: number;
  answeredNs: number;
  body: AnswerBody;
}

/** What the loop tells. */
export interface LoopEvents {
  /** The warm-up is over and the environment waits. */
  onWarm(): void;
  onMeasured(measurement: Measurement): void;
  /** Called once; nothing follows. */
  onFailed(reason: string): void;
}

/** Sends the next event when the environment asks for it, and measures. It knows nothing of HTTP. */
export class ClosedLoop {
  readonly #task: DriverTask;
  readonly #events: LoopEvents;
  readonly #free: Flight[];
  /** By number, from sent to answered. */
  readonly #flying = new Map<number, Flight>();
  /** Answered, in order, while the next poll has not come. */
  readonly #landed: Flight[] = [];
  readonly #polls: Poll[] = [];
  /** The first event that is measured, once that is known. */
  #measuredFrom = Number.POSITIVE_INFINITY;
  /** No event from this one on is sent. */
  #limit = Number.POSITIVE_INFINITY;
  /** Promised to a poll, so counted before it is sent. */
  #next = 0;
  #settled = 0;
  #settledBefore = 0;
  #measured = 0;
  #over = false;
  #firstPollNs = 0;
  #firstAnswerNs = 0;
  #startedNs = 0;
  readonly #latencies: Float64Array;
  readonly #turnarounds: Float64Array;
  readonly #stamps: InvocationStamps[] = [];
  readonly #watch: NodeJS.Timeout;

  constructor(task: DriverTask, events: LoopEvents) {
    this.#task = task;
    this.#events = events;
    const body = makeEventBody(task.eventBytes);
    this.#free = Array.from({ length: task.inFlight }, () => {
      const message = new EventMessage(body, task.chunked);
      const answer = new AnswerBody(message.body);
      return { message, index: 0, sentNs: 0, answeredNs: 0, body: answer };
    });
    if (task.warmUp === 0) this.measure();
    // Several in flight are never let run dry: the official Node client posts no answer while all of its threads poll.
    else if (task.inFlight === 1) this.#limit = task.warmUp;
    this.#latencies = new Float64Array(task.invocations);
    this.#turnarounds = new Float64Array(task.invocations);
    this.#watch = this.#watchProgress();
  }

  /** Goes on after `onWarm`. */
  measure(): void {
    const { inFlight, invocations, warmUp } = this.#task;
    this.#measuredFrom = this.#next + Math.min(REWARM, warmUp);
    this.#settledBefore = this.#settled;
    if (inFlight === 1) this.#limit = this.#measuredFrom + invocations;
    this.#sendAll();
  }

  /** The environment asks for an event, by bytes that were read at a time. */
  poll(poll: Poll, polledNs: number): void {
    if (this.#firstPollNs === 0) this.#firstPollNs = polledNs;
    this.#polls.push(poll);
    const flight = this.#landed.shift();
    if (flight !== undefined) this.#settle(flight, polledNs);
    this.#sendAll();
  }

  /** A poll's connection was closed. */
  forget(poll: Poll): void {
    const index = this.#polls.indexOf(poll);
    if (index !== -1) this.#polls.splice(index, 1);
  }

  /** An answer begins. */
  flightOf(number: number): Flight | undefined {
    const flight = this.#flying.get(number);
    if (flight === undefined) {
      const known = number >= FIRST_NUMBER && number < FIRST_NUMBER + this.#next;
      this.fail(
        known
          ? `answered event ${number} twice`
          : `answered an event that was never sent: "${requestIdOf(number)}"`,
      );
    } else {
      this.#flying.delete(number);
    }
    return flight;
  }

  /** The last byte of an answer was read at a time. */
  answer(flight: Flight, answeredNs: number): void {
    flight.answeredNs = answeredNs;
    if (this.#firstAnswerNs === 0) this.#firstAnswerNs = flight.answeredNs;
    // With another poll open the environment is ready at once.
    if (this.#polls.length > 0) {
      this.#settle(flight, flight.answeredNs);
      this.#sendAll();
    } else {
      this.#landed.push(flight);
    }
  }

  /** Ends it with what the candidate did wrong. */
  fail(reason: string): void {
    if (this.#over) return;
    this.close();
    this.#events.onFailed(reason);
  }

  /** Stops telling anything. */
  close(): void {
    this.#over = true;
    clearInterval(this.#watch);
  }

  #sendAll(): void {
    while (!this.#over && this.#next < this.#limit && this.#polls.length > 0) {
      const flight = this.#free.pop();
      if (flight === undefined) return;
      flight.index = this.#next++;
      // Warmed up without pauses, as the other scenarios are: else code that was never compiled would be measured.
      const isMeasured = flight.index >= this.#measuredFrom - REWARM;
      if (this.#task.idleMs > 0 && isMeasured) setTimeout(() => this.#send(flight), this.#task.idleMs);
      else this.#send(flight);
    }
  }

  #send(flight: Flight): void {
    const poll = this.#polls.shift();
    if (poll === undefined) {
      // It was closed during the pause: the event goes to the next one.
      this.#next--;
      this.#free.push(flight);
      return;
    }
    const number = FIRST_NUMBER + flight.index;
    flight.message.renumber(number);
    flight.body = new AnswerBody(flight.message.body);
    this.#flying.set(number, flight);
    flight.sentNs = now();
    if (flight.index === this.#measuredFrom) this.#startedNs = flight.sentNs;
    poll(flight.message.bytes);
  }

  #settle(flight: Flight, polledNs: number): void {
    if (!this.#isRight(flight)) return;
    this.#free.push(flight);
    this.#settled++;
    if (this.#settled === this.#task.warmUp) this.#events.onWarm();
    const measured = flight.index - this.#measuredFrom;
    if (measured < 0 || measured >= this.#task.invocations) return;
    this.#latencies[measured] = flight.answeredNs - flight.sentNs;
    this.#turnarounds[measured] = polledNs - flight.sentNs;
    if (++this.#measured === this.#task.invocations) this.#finish(polledNs);
  }

  #isRight({ message, index, body, sentNs, answeredNs }: Flight): boolean {
    const difference = body.difference();
    const { number } = message;
    if (this.#task.stamped) {
      const handlerNs = readStamp(difference ?? message.body, number);
      if (handlerNs === undefined)
        this.fail(`answered event ${number} without the handler's stamp: "${difference}"`);
      else if (index >= this.#measuredFrom)
        this.#stamps.push({ requestId: requestIdOf(number), sentNs, handlerNs, answeredNs });
    } else if (difference !== undefined) {
      const wrong = whyWrong(message.body, difference, number, index);
      if (wrong !== undefined) this.fail(wrong);
    }
    return !this.#over;
  }

  #finish(endedNs: number): void {
    this.close();
    this.#events.onMeasured({
      firstPollNs: this.#firstPollNs,
      firstAnswerNs: this.#firstAnswerNs,
      events: this.#settled - this.#settledBefore,
      invocations: this.#task.invocations,
      tookNs: endedNs - this.#startedNs,
      latency: histogramOf(this.#latencies),
      turnaround: histogramOf(this.#turnarounds),
      stamps: this.#stamps,
    });
  }

  #watchProgress(): NodeJS.Timeout {
    let before = -1;
    return setInterval(() => {
      const waiting = this.#settled < this.#limit;
      if (waiting && this.#settled === before) {
        const [flight] = this.#flying.values();
        this.fail(
          flight === undefined
            ? `did not ask for the next event within ${STALL_MS / 1000} s`
            : `did not answer event ${flight.message.number} within ${STALL_MS / 1000} s`,
        );
      }
      before = waiting ? this.#settled : -1;
    }, STALL_MS);
  }
}

function histogramOf(times: Float64Array): string {
  const histogram = Histogram.create();
  for (const ns of times) histogram.record(ns);
  return histogram.encode();
}
