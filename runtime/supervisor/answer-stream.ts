import { REPLACE_HEADER } from '../../worker/protocol.ts';
import type { PilotlightError } from '../errors.ts';
import { headerLookup } from '../http1/head.ts';
import type { BodyStream } from '../http1/incoming-body.ts';
import { lateErrorTrailers } from '../lambda-api/error-answer.ts';
import { ERROR_BODY_HEADER, ERROR_TYPE_HEADER } from '../lambda-api/names.ts';

/** What a stream tells of its worker. */
export interface AnswerStreamEvents {
  /** Told when the worker is lost, of whatever the connection told; gives the reason for the caller. */
  explain(error: Error): Promise<PilotlightError>;
  /** Told at the end of a stream whose worker asks to be replaced. */
  onReplace(): void;
  /** Told once, when nothing more of the stream is wanted of the worker. */
  onEnd(): void;
}

/** A worker's stream as it goes to Lambda: it never fails, since trailers at its end say what went wrong. */
export class AnswerStream implements BodyStream {
  trailers = '';
  readonly #body: BodyStream;
  readonly #events: AnswerStreamEvents;
  #isLetGo = false;
  #isOver = false;

  constructor(body: BodyStream, events: AnswerStreamEvents) {
    this.#body = body;
    this.#events = events;
  }

  get ownsParts(): boolean {
    return this.#body.ownsParts === true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      yield* this.#body;
      this.#takeTrailers(headerLookup(this.#body.trailers ?? ''));
    } catch (error) {
      // Then nobody reads it any more.
      if (this.#isLetGo) return;
      this.trailers = lateErrorTrailers(await this.#events.explain(error as Error));
    } finally {
      this.#end();
    }
  }

  destroy(): void {
    this.#isLetGo = true;
    this.#body.destroy();
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onEnd();
  }

  #takeTrailers(trailer: (name: string) => string | undefined): void {
    for (const name of [ERROR_TYPE_HEADER, ERROR_BODY_HEADER]) {
      const value = trailer(name);
      if (value !== undefined) this.trailers += `${name}: ${value}\r\n`;
    }
    if (trailer(REPLACE_HEADER) === '1') this.#events.onReplace();
  }
}
