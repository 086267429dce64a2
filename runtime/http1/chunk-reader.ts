import { FramingError } from './framing-error.ts';
import { checkLines } from './head.ts';

const CR = 13;
const LF = 10;
const SPACE = 32;
const SEMICOLON = 59;
const DEL = 127;
/** Ten hexadecimal digits are a terabyte; more would not be exact in a double after a while. */
const MAX_SIZE_DIGITS = 10;
const MAX_EXTENSION_BYTES = 16 * 1024;

type State = 'size' | 'extension' | 'sizeLf' | 'data' | 'dataCr' | 'dataLf' | 'trailers' | 'done';

/** Takes a chunked body apart, however the bytes are split. It holds no bytes but those of the trailers. */
export class ChunkReader {
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #extensionBytes = 0;
  #trailers = '';
  readonly #maxTrailerBytes: number;

  constructor(maxTrailerBytes: number) {
    this.#maxTrailerBytes = maxTrailerBytes;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** The trailer lines, each with its line end; complete once `done`. */
  get trailers(): string {
    return this.#trailers;
  }

  /**
   * Takes bytes.
   *
   * @param bytes where they lie
   * @param from the first of them
   * @param to behind the last of them
   * @param onData gets the payload as views, valid during the call only
   * @returns behind the last byte that belongs to the body; below `to` only when it is done
   * @throws {FramingError} `CHUNK_INVALID`, `TRAILER_TOO_LARGE`
   */
  feed(bytes: Buffer, from: number, to: number, onData: (data: Buffer) => void): number {
    let at = from;
    while (at < to && this.#state !== 'done') {
      if (this.#state === 'data') {
        const end = Math.min(to, at + this.#size);
        onData(bytes.subarray(at, end));
        this.#size -= end - at;
        at = end;
        if (this.#size === 0) this.#state = 'dataCr';
      } else if (this.#state === 'trailers') {
        at = this.#feedTrailers(bytes, at, to);
      } else {
        this.#step(bytes[at++] as number);
      }
    }
    return at;
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#stepSize(byte);
        break;
      case 'extension':
        if (byte === CR) this.#state = 'sizeLf';
        else if (byte <= SPACE || byte === DEL || ++this.#extensionBytes > MAX_EXTENSION_BYTES) {
          throw invalid('its size line is malformed');
        }
        break;
      case 'sizeLf':
        if (byte !== LF) throw invalid('its size line is malformed');
        this.#state = this.#size === 0 ? 'trailers' : 'data';
        this.#digits = 0;
        break;
      case 'dataCr':
        if (byte !== CR) throw invalid('it is longer than its size');
        this.#state = 'dataLf';
        break;
      case 'dataLf':
        if (byte !== LF) throw invalid('it is longer than its size');
        this.#state = 'size';
        break;
    }
  }

  #stepSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      if (++this.#digits > MAX_SIZE_DIGITS) throw invalid('its size is too large');
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw invalid('it has no size');
    if (byte === CR) this.#state = 'sizeLf';
    else if (byte === SEMICOLON) this.#state = 'extension';
    else throw invalid('its size line is malformed');
  }

  /** Trailers are few and short, so they are gathered as text until the empty line. */
  #feedTrailers(bytes: Buffer, from: number, to: number): number {
    const before = this.#trailers.length;
    const room = this.#maxTrailerBytes + 4 - before;
    const text = this.#trailers + bytes.toString('latin1', from, Math.min(to, from + room));
    if (text.startsWith('\r\n')) {
      this.#trailers = '';
      this.#state = 'done';
      return from + 2 - before;
    }
    const end = text.indexOf('\r\n\r\n', Math.max(0, before - 3));
    if (end !== -1) {
      this.#trailers = text.slice(0, end + 2);
      checkLines(this.#trailers);
      this.#state = 'done';
      return from + end + 4 - before;
    }
    if (text.length > this.#maxTrailerBytes) {
      throw new FramingError(
        'TRAILER_TOO_LARGE',
        `Cannot read trailers of more than ${this.#maxTrailerBytes} bytes`,
      );
    }
    this.#trailers = text;
    return to;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function invalid(reason: string): FramingError {
  return new FramingError('CHUNK_INVALID', `Cannot read a chunk: ${reason}`);
}
