import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';

/** Lambda cuts log events at 256 KB; a line without an end must not fill the memory here either. */
const MAX_LINE_LENGTH = 256 * 1024;
/** What `X-Amz-Log-Type: Tail` returns at most. */
const TAIL_BYTES = 4096;

/** Takes finished lines, without their end. */
export type LogSink = (line: string) => void;

/** The log of one environment: what the function writes and what the platform says, in order. */
export class EnvironmentLog {
  readonly #sink: LogSink;
  #tail = '';
  #received = 0;
  #partial = new Set<() => void>();

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  /** Adds a whole line. */
  line(text: string): void {
    this.#tail = `${this.#tail}${text}\n`;
    if (this.#tail.length > 4 * TAIL_BYTES) this.#tail = this.#tail.slice(-TAIL_BYTES);
    this.#sink(text);
  }

  /** Adds what arrives on a stream, line by line, until it ends; `hear` gets the lines too. */
  attach(stream: Readable, hear: LogSink = () => {}): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const add = (line: string) => {
      this.line(line);
      hear(line);
    };
    const flush = () => {
      if (rest !== '') add(rest);
      rest = '';
    };
    this.#partial.add(flush);
    stream.on('data', (chunk: Buffer) => {
      this.#received += 1;
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) add(line);
      if (rest.length > MAX_LINE_LENGTH) flush();
    });
    // A reset pipe of a killed process ends its output, nothing else.
    stream.on('error', () => {});
    stream.once('close', () => {
      flush();
      this.#partial.delete(flush);
    });
  }

  /**
   * Waits until everything that was written before this call has arrived. What a process wrote before it spoke to the
   * Runtime API lies in the pipe already, so the output is complete once the event loop has polled and found nothing new.
   */
  async drain(): Promise<void> {
    let before: number;
    do {
      before = this.#received;
      await setImmediate();
      await setImmediate();
    } while (this.#received !== before);
    for (const flush of this.#partial) flush();
  }

  /** The last 4 KB since the previous call. */
  takeTail(): Uint8Array {
    const bytes = Buffer.from(this.#tail);
    this.#tail = '';
    return bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES));
  }
}
