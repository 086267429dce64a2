import { setTimeout as delay } from 'node:timers/promises';
import { knownError, PilotlightError } from '../errors.ts';
import type { Log } from '../log.ts';

/** What a full `/tmp` or a lack of memory needs to pass; what fails so often will not. */
const MAX_FAILED = 5;
const FIRST_PAUSE_MS = 100;

/** Starts a worker again and again, with pauses that double, until the starts that failed in a row are too many. */
export class StartTries {
  readonly #log: Log;
  readonly #mayGiveUp: () => boolean;
  #failed = 0;
  #hopeless: PilotlightError | undefined;

  /**
   * @param log where failed starts are told
   * @param mayGiveUp whether too many are the end: not while other workers serve
   */
  constructor(log: Log, mayGiveUp = () => true) {
    this.#log = log;
    this.#mayGiveUp = mayGiveUp;
  }

  /** Whether no further start is tried. */
  get isHopeless(): boolean {
    return this.#hopeless !== undefined;
  }

  /**
   * Starts once, after a pause when the last start failed.
   *
   * @param start starts
   * @throws {PilotlightError} why it did not start; for the last try, and from then on, that it will not
   */
  async run<T>(start: () => Promise<T>): Promise<T> {
    if (this.#hopeless !== undefined) throw this.#hopeless;
    if (this.#failed > 0) {
      const pauseMs = FIRST_PAUSE_MS * 2 ** (Math.min(this.#failed, MAX_FAILED) - 1);
      this.#log.debug(`the next worker is started in ${pauseMs} ms`);
      await delay(pauseMs);
    }
    try {
      const started = await start();
      this.#failed = 0;
      return started;
    } catch (error) {
      this.#failed += 1;
      const reason = knownError(error);
      this.#log.info(`a worker did not start: ${reason.message}`);
      if (this.#failed < MAX_FAILED) throw reason;
      if (!this.#mayGiveUp()) {
        if (this.#failed === MAX_FAILED)
          this.#log.warn(
            `the others go on without a worker that did not start ${MAX_FAILED} times: ${reason.message}`,
          );
        throw reason;
      }
      this.#hopeless = new PilotlightError(
        reason.code,
        `Cannot start a worker any more: ${MAX_FAILED} starts in a row failed, the last one with: ${reason.message}`,
        { cause: error, errorType: reason.errorType, trace: reason.trace },
      );
      throw this.#hopeless;
    }
  }
}
