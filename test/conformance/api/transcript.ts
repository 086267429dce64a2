const MAX_PART_BYTES = 700;
const MAX_PARTS = 14;

/** The bytes that went over the wire, shortened so that a report can show them. */
export class Transcript {
  readonly #parts: string[] = [];

  /**
   * Notes bytes.
   *
   * @param from who sent them; connections are told apart by their number
   * @param connection that number
   */
  add(from: 'bootstrap' | 'kit', connection: number, bytes: Uint8Array): void {
    this.note(`${from === 'kit' ? '<' : '>'}${connection} ${shown(bytes)}`);
  }

  /** Notes what happened beside the bytes. */
  note(line: string): void {
    this.#parts.push(line);
    if (this.#parts.length > MAX_PARTS) this.#parts.shift();
  }

  toString(): string {
    return this.#parts.join('\n');
  }
}

/** Printable characters as they are, others as escapes: a report shows bytes, not what a terminal makes of them. */
function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, MAX_PART_BYTES)).toString('latin1');
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll('\\r\\n', '\\r\\n\n   ');
  const rest = bytes.length - MAX_PART_BYTES;
  return rest > 0 ? `${escaped} … and ${rest} bytes` : escaped.trimEnd();
}
