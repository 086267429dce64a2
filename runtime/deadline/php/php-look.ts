import { readProcessArguments } from '../../process-arguments.ts';
import type { Findings } from '../findings.ts';

const TRIES = 15;
const PAUSE_MS = 1;
const PLACE = /^pilotlight stands at (.+:\d+)$/;

/**
 * Finds out where the code of a PHP worker stands. PHP takes SIGPROF, whoever sends it, for the end of the time that a
 * script may run: it ends with the line that ran, which its host puts into the name of the process. So nothing is asked
 * before the worker is killed anyway.
 */
export class PhpLook {
  readonly #pid: number;
  readonly runningId = undefined;

  /** @param pid the worker */
  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Nothing can be seen while the code runs on. */
  async run(): Promise<void> {}

  /**
   * What it says at its end.
   *
   * @param _isHeld not needed: in most system calls the signal ends it, too
   * @param isLast whether the worker is killed next
   */
  report(_isHeld: boolean, isLast: boolean): Partial<Findings> {
    if (!isLast) return {};
    process.kill(this.#pid, 'SIGPROF');
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let tries = 0; tries < TRIES; tries++) {
      const [, place] = PLACE.exec(readProcessArguments(this.#pid)[0] ?? '') ?? [];
      if (place !== undefined) return { frames: [place] };
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
    return {};
  }
}
