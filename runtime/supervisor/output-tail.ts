/** Enough for a stack or a usage text, little enough to go into an error's body. */
const MAX_LINES = 20;
/** A line without end must not fill the memory. */
const MAX_LINE_CHARS = 2_000;
/** Node ends with the stack of its own native code: addresses that would take the place of the function's last lines. */
const NATIVE_FRAME = /^ *\d+: 0x[\da-f]+ /;

/** Keeps the last lines of a stream of text for the error that may follow. */
export class OutputTail {
  readonly #lines: string[] = [];
  #rest = '';

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE_CHARS);
    // Half of them may be such frames; a flood is not looked at line by line.
    for (const line of lines.slice(-2 * MAX_LINES)) {
      if (!NATIVE_FRAME.test(line)) this.#lines.push(line.slice(0, MAX_LINE_CHARS));
    }
    this.#lines.splice(0, this.#lines.length - MAX_LINES);
  }

  /** The last lines, oldest first. */
  lines(): string[] {
    return this.#rest === '' ? [...this.#lines] : [...this.#lines, this.#rest].slice(-MAX_LINES);
  }
}
