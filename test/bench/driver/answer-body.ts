/** Compares an answer with what is expected while it arrives, so that an echo is never held in memory. */
export class AnswerBody {
  readonly #expected: Buffer;
  #bytes = 0;
  /** All that came, from the moment it was seen to differ. */
  #differing: Buffer[] | undefined;

  /** @param expected a view; unchanged until the answer was read */
  constructor(expected: Buffer) {
    this.#expected = expected;
  }

  /** Takes a view that is valid during the call only. */
  add(data: Buffer): void {
    const end = this.#bytes + data.length;
    if (this.#differing === undefined && !this.#continues(data, end)) {
      this.#differing = [Buffer.from(this.#expected.subarray(0, this.#bytes))];
    }
    this.#differing?.push(Buffer.from(data));
    this.#bytes = end;
  }

  /**
   * Ends the answer.
   *
   * @returns what it was when it differs from what was expected
   */
  difference(): Buffer | undefined {
    if (this.#differing !== undefined) return Buffer.concat(this.#differing);
    return this.#bytes === this.#expected.length ? undefined : this.#expected.subarray(0, this.#bytes);
  }

  #continues(data: Buffer, end: number): boolean {
    if (end > this.#expected.length) return false;
    return this.#expected.compare(data, 0, data.length, this.#bytes, end) === 0;
  }
}
