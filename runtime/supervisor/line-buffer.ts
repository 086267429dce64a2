/** A line without end must not fill the memory. */
const MAX_LINE_BYTES = 1_000_000;
const LINE_FEED = 10;

/** Makes lines of what comes in pieces, at the cost of the pieces alone, however long a line becomes. */
export class LineBuffer {
  #parts: Buffer[] = [];
  #bytes = 0;

  /** The lines that a piece ends, without their line feeds; the longest are cut. */
  add(piece: Buffer): string[] {
    const end = piece.lastIndexOf(LINE_FEED);
    if (end !== -1) {
      const lines = Buffer.concat([...this.#parts, piece.subarray(0, end)])
        .toString()
        .split('\n');
      this.#parts = [];
      this.#bytes = 0;
      this.#keep(piece.subarray(end + 1));
      return lines;
    }
    this.#keep(piece);
    return [];
  }

  #keep(piece: Buffer): void {
    const kept = piece.subarray(0, MAX_LINE_BYTES - this.#bytes);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#bytes += kept.length;
  }
}
