/** Enough to see what a function was at; a dying worker hands them over within a pipe's buffer. */
const MAX_LINES = 20;
const MAX_LINE_CHARS = 2_000;

interface KeptLine {
  readonly requestId: string;
  readonly text: string;
}

/** Keeps the last lines of the log: standard output is Lambda's own, so nobody else in the environment sees them. */
export class LastLines {
  readonly #kept: KeptLine[] = [];
  #next = 0;

  /**
   * Keeps a line in the place of the oldest.
   * @param requestId - whose it is
   * @param text - the line; a long one is copied, or a part of it would hold on to all of it
   */
  add(requestId: string, text: string): void {
    const isLong = text.length > MAX_LINE_CHARS;
    const kept = isLong ? Buffer.from(text.slice(0, MAX_LINE_CHARS)).toString() : text;
    this.#kept[this.#next] = { requestId, text: kept };
    this.#next = (this.#next + 1) % MAX_LINES;
  }

  /**
   * Those of one invocation: what others wrote is not its caller's business.
   * @param requestId - whose
   * @returns the lines, the oldest first
   */
  of(requestId: string): string[] {
    const inOrder = [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
    return inOrder
      .filter((line) => line.requestId === requestId)
      .flatMap(({ text }) => text.split('\n'))
      .slice(-MAX_LINES);
  }
}
