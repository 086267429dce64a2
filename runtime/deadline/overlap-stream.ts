import type { PilotlightError } from '../errors.ts';
import type { BodyStream } from '../http1/incoming-body.ts';

/** A worker's stream that can be broken off while the worker goes on. */
export class OverlapStream implements BodyStream {
  readonly #body: BodyStream;
  readonly #onEnd: () => void;
  #reason: PilotlightError | undefined;

  /**
   * @param body as it comes
   * @param onEnd told when it is over, maybe more than once
   */
  constructor(body: BodyStream, onEnd: () => void) {
    this.#body = body;
    this.#onEnd = onEnd;
  }

  get trailers(): string {
    return this.#body.trailers ?? '';
  }

  get ownsParts(): boolean {
    return this.#body.ownsParts === true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      yield* this.#body;
    } catch (error) {
      throw this.#reason ?? error;
    } finally {
      this.#onEnd();
    }
    if (this.#reason !== undefined) throw this.#reason;
  }

  destroy(): void {
    this.#body.destroy();
    this.#onEnd();
  }

  /**
   * Fails it for its reader.
   *
   * @param reason the error
   */
  breakOff(reason: PilotlightError): void {
    this.#reason = reason;
    this.#body.destroy();
  }
}
